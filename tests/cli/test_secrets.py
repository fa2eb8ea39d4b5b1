"""A channel's secrets, as owners give them: where they are looked for, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Vivencia


@pytest.fixture(autouse=True)
def house(home: Path) -> Path:
    (home / "secrets").mkdir(parents=True)
    return home


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables as shells write them, in capitals."""
    monkeypatch.setenv("VIVENCIA_CHANNELS__TIENDA__TOKEN", "123456:ABC-DEF")
    monkeypatch.setenv("VIVENCIA_CHANNELS__MI__TIENDA__TOKEN", "123456:ABC-DEF")


def check(vivencia: Vivencia, home: Path, table: str, lang: str = "en") -> Ran:
    """Check the channel of that table."""
    (home / "vivencia.toml").write_text(table, encoding="utf-8")
    name = table.partition("[channels.")[2].partition("]")[0]
    return vivencia("channels", "check", name, "--lang", lang)


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        (
            "tienda_mx",
            "en",
            "it is a secret: give it as VIVENCIA_CHANNELS__TIENDA_MX__TOKEN or in the secrets directory",
        ),
        ("tienda-mx", "en", "it is a secret: give it in the file secrets/channels__tienda-mx__token of the home"),
        ("tienda-mx", "es", "es un secreto: ponlo en el archivo secrets/channels__tienda-mx__token de la casa"),
    ],
)
def test_a_secret_that_is_missing_has_a_place_that_works(
    vivencia: Vivencia, home: Path, name: str, lang: str, said: str
) -> None:
    ran = check(vivencia, home, f'[channels.{name}]\nkind = "telegram"\n', lang)

    assert ran.code == 2
    assert said in ran.err


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        (
            "Tienda",
            "en",
            "[channels.Tienda] is no name for a channel; use small letters a to z, digits, - and single _",
        ),
        ("mi__tienda", "es", "[channels.mi__tienda] no vale como nombre de un canal; usa minúsculas sin tilde ni ñ, "),
    ],
)
def test_a_name_whose_secret_would_not_be_found_is_refused(
    vivencia: Vivencia, home: Path, name: str, lang: str, said: str
) -> None:
    ran = check(vivencia, home, f'[channels.{name}]\nkind = "telegram"\n', lang)

    assert ran.code == 2
    assert ran.err.startswith(f"vivencia: {said}")
    assert vivencia("run").err.count("is no name for a channel") == 1
