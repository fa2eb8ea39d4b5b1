"""The type in which the processor is fastest is measured once and kept."""

from pathlib import Path

import pytest
import torch

from nlp.choice import fast_type


def never(dtype: torch.dtype) -> float:
    raise AssertionError(dtype)


@pytest.mark.parametrize(("half", "chosen"), [(300.0, torch.bfloat16), (104.0, torch.float32), (20.0, torch.float32)])
def test_bfloat16_must_be_clearly_faster(tmp_path: Path, half: float, chosen: torch.dtype) -> None:
    rates = {torch.bfloat16: half, torch.float32: 100.0}

    assert fast_type(rate=rates.__getitem__, kept_in=tmp_path / "type.json") is chosen


def test_the_choice_is_measured_once(tmp_path: Path) -> None:
    file = tmp_path / "new" / "type.json"
    chosen = fast_type(kept_in=file)

    assert fast_type(rate=never, kept_in=file) is chosen


@pytest.mark.parametrize("junk", ["", "[]", "{", '{"another processor": "bfloat16"}'])
def test_a_choice_of_another_machine_or_none_is_measured_again(tmp_path: Path, junk: str) -> None:
    file = tmp_path / "type.json"
    file.write_text(junk)

    assert fast_type(rate=lambda dtype: float(dtype is torch.bfloat16), kept_in=file) is torch.bfloat16


def test_a_cache_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert fast_type(kept_in=tmp_path / "file" / "type.json") in (torch.bfloat16, torch.float32)
