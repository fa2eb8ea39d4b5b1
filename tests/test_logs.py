"""What is logged names nobody."""

from __future__ import annotations

import pytest
import structlog

from bot.logs import write_logs


@pytest.mark.parametrize(
    "why",
    ["550 5.1.1 <ana@correo.example> unknown", "no such account: @ana@mastodon.example", "refused (ana@x.example)"],
)
def test_an_address_that_a_server_repeats_is_not_logged(why: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("info")

    structlog.get_logger("test").warning("an errand was refused", why=why, job=7)

    said = capsys.readouterr().err
    assert "an errand was refused" in said
    assert "ana" not in said
    assert "…@…" in said
