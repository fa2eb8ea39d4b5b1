"""The arithmetic in which the processor is fastest is measured once and kept."""

from pathlib import Path

import pytest

from nlp.choice import IN_TORCH, Arithmetic, fastest, possible


def never(arithmetic: Arithmetic) -> float:
    raise AssertionError(arithmetic)


@pytest.mark.parametrize(
    ("half", "eighth", "chosen"),
    [
        (300.0, 500.0, Arithmetic.INT8),
        (300.0, 310.0, Arithmetic.BFLOAT16),
        (104.0, 112.0, Arithmetic.INT8),
        (104.0, 108.0, Arithmetic.FLOAT32),
        (20.0, 50.0, Arithmetic.FLOAT32),
    ],
)
def test_what_is_less_precise_must_be_clearly_faster(
    tmp_path: Path, half: float, eighth: float, chosen: Arithmetic
) -> None:
    rates = {Arithmetic.FLOAT32: 100.0, Arithmetic.BFLOAT16: half, Arithmetic.INT8: eighth}

    assert fastest(tuple(Arithmetic), rate=rates.__getitem__, kept_in=tmp_path / "type.json") is chosen


def test_the_choice_is_measured_once(tmp_path: Path) -> None:
    file = tmp_path / "new" / "type.json"
    chosen = fastest(IN_TORCH, kept_in=file)

    assert fastest(IN_TORCH, rate=never, kept_in=file) is chosen


def test_a_choice_made_with_openvino_and_one_of_torch_alone_are_both_kept(tmp_path: Path) -> None:
    file = tmp_path / "type.json"
    assert fastest(tuple(Arithmetic), rate=lambda each: float(each is Arithmetic.INT8), kept_in=file) is Arithmetic.INT8

    assert fastest(IN_TORCH, rate=lambda _: 1.0, kept_in=file) is Arithmetic.FLOAT32
    assert fastest(tuple(Arithmetic), rate=never, kept_in=file) is Arithmetic.INT8


@pytest.mark.parametrize("junk", ["", "[]", "{", '{"another processor": "bfloat16"}'])
def test_a_choice_of_another_machine_or_none_is_measured_again(tmp_path: Path, junk: str) -> None:
    file = tmp_path / "type.json"
    file.write_text(junk)

    chosen = fastest(IN_TORCH, rate=lambda each: float(each is Arithmetic.BFLOAT16), kept_in=file)

    assert chosen is Arithmetic.BFLOAT16


def test_a_cache_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert fastest(IN_TORCH, kept_in=tmp_path / "file" / "type.json") in IN_TORCH


def test_torch_can_always_be_chosen() -> None:
    assert possible()[:2] == IN_TORCH
