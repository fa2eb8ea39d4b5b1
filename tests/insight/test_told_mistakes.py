"""What an operator did wrong is said in Spanish, wherever it is noticed: in the file, a variable, a reply, a model."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import ConfigError, ModelUnavailable, StoreUnavailable, VivenciaError
from bot.domain.reading import Language
from bot.domain.time import BusinessHours
from bot.insight.told import told_in
from bot.insight.wording import wording
from bot.store.faults import spoken
from bot.store.sqlite import open_store
from config.channels import common_keys
from config.home import Home, find_home, only_one
from config.settings import read_settings
from listeners.registry import channel_settings
from nlp.own_model import OwnModel, open_own_model
from nlp.pii import Recogniser
from nlp.seal import check_sums
from responders.knowledge import open_knowledge
from responders.policy import ChannelRules, Mode, RuleBook, Rules
from responders.registry import Kit, open_responders
from responders.templates import Phrasebook, open_templates

ES, EN = wording(Language.ES), wording(Language.EN)
REPLIES = Path(__file__).parents[2] / "config" / "replies"
ROAMING = """
[brand.touchpoints.roaming]
of = "product_use"
es = "Itinerancia"
examples = ["El roaming no va", "sin datos en la frontera", "sin red en Italia"]
"""
LIST = 'tiene que ser una lista, como ["uno", "dos"]'


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No VIVENCIA_ variable of the machine that runs the tests is seen."""
    for name in [name for name in os.environ if name.upper().startswith("VIVENCIA_")]:
        monkeypatch.delenv(name)


def in_spanish(door: Callable[[], object], kind: type[VivenciaError] = ConfigError) -> str:
    with pytest.raises(kind) as caught:
        door()
    assert told_in(EN, str(caught.value)) == str(caught.value)
    return told_in(ES, str(caught.value))


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("[polcy]\nmode = 'off'", "primer nivel: la clave 'polcy' no existe; ¿querías decir 'policy'?"),
        ("[policy]\nmoed = 'off'", "[policy] la clave 'moed' no existe; ¿querías decir 'mode'?"),
        ("[digest]\nzzz = 1", "[digest] la clave 'zzz' no existe; las de aquí son: at, languages"),
        (
            "[clocks]\nfirst_answer_hours = { hgih = 1 }",
            "[clocks.first_answer_hours] la clave 'hgih' no existe; ¿querías decir 'high'?",
        ),
        ("[policy]\nmode = 'of'", "[policy] mode: tiene que ser 'off', 'shadow', 'approve' o 'auto' (es 'of')"),
        (
            "[policy]\nmode = 'of'\nmoed = 1\nzzz = 1",
            "[policy] mode: tiene que ser 'off', 'shadow', 'approve' o 'auto' (es 'of') — y 2 más",
        ),
        ("[policy]\nreplies_per_day = 'many'", "[policy] replies_per_day: tiene que ser un número entero (es 'many')"),
        (
            "[policy]\nreplies_per_day = 1.5",
            "[policy] replies_per_day: tiene que ser un número entero, sin decimales (es 1.5)",
        ),
        ("[policy]\nreplies_per_day = -1", "[policy] replies_per_day: tiene que ser 0 o más (es -1)"),
        ("[policy]\ndisclosure = 'quizá'", "[policy] disclosure: tiene que ser true o false (es 'quizá')"),
        ("[policy]\nquiet_from = '25:00'", "[policy] quiet_from: tiene que ser una hora como 09:30 (es '25:00')"),
        ("[policy]\nquiet_from = [9]", "[policy] quiet_from: tiene que ser una hora como 09:30 (es [9])"),
        ("[brand]\nname = 3", "[brand] name: tiene que ser un texto entre comillas (es 3)"),
        ("[brand.hours]\nopens = 9", "[brand.hours] opens: tiene que ser una hora como 09:30 (es 9)"),
        (
            "[brand]\nknowledge = ''",
            "[brand] knowledge: un nombre vacío no es una carpeta; pon el de una, o quita la clave (es '')",
        ),
        (
            "[brand]\nknowledge = '~nobody-here'",
            "[brand] knowledge: no se conoce la casa de ~nobody-here; escribe la ruta entera (es '~nobody-here')",
        ),
        ("[brand]\nknowledge = 3", "[brand] knowledge: tiene que ser un texto entre comillas (es 3)"),
        ("[brand]\naccounts = 'tostadero'", f"[brand] accounts: {LIST} (es 'tostadero')"),
        ("[brand]\nname = ''", "[brand] name: tiene que tener 1 carácter o más (es '')"),
        (
            "[brand]\naccounts = ['https://x.com/tostadero']",
            (
                "[brand.accounts] 0: 'https://x.com/tostadero' es una dirección; escribe solo el nombre de la cuenta, "
                "como tostadero (es 'https://x.com/tostadero')"
            ),
        ),
        (
            "[brand]\naccounts = ['el tostadero']",
            (
                "[brand.accounts] 0: 'el tostadero' lleva un espacio; escribe el nombre de la cuenta tal como va tras "
                "su @, cada una entre sus propias comillas (es 'el tostadero')"
            ),
        ),
        (
            "[brand]\nname = 'Tos\u200btadero'",
            (
                "[brand] name: un salto de línea o un carácter invisible no forma parte de un nombre; escríbelo de "
                "nuevo (es 'Tos\\u200btadero')"
            ),
        ),
        ("[brand]\nlanguages = ['pt']", "[brand.languages] 0: tiene que ser 'es' o 'en' (es 'pt')"),
        (
            "[brand]\ntimezone = 'Europe/Madird'",
            (
                "[brand] timezone: 'Europe/Madird' no es una zona horaria; usa un nombre como Europe/Madrid o "
                "America/Mexico_City (es 'Europe/Madird')"
            ),
        ),
        (
            "[brand.hours]\nopens = '19:00'\ncloses = '09:00'",
            "[brand] hours: opens (19:00) tiene que ser anterior a closes (09:00)",
        ),
        ("[brand.hours]\nweekdays = [7]", "[brand.hours.weekdays] 0: tiene que ser 6 o menos (es 7)"),
        (
            "[brand.hours]\nholidays = ['mañana']",
            "[brand.hours.holidays] 0: tiene que ser una fecha como 2026-12-25 (es 'mañana')",
        ),
        (
            "[brand.hours]\nholidays = [3.5]",
            "[brand.hours.holidays] 0: tiene que ser una fecha como 2026-12-25 (es 3.5)",
        ),
        ("policy = 3", "policy: tiene que ser una tabla (es 3)"),
        ("[costs.x]\ncurrency = 'euro'", "[costs.x] currency: tiene que tener la forma '^[A-Z]{3}$' (es 'euro')"),
        ("[costs.x]\nbudget_per_day = 0", "[costs.x] budget_per_day: tiene que ser mayor que 0 (es 0)"),
        ("[costs.x]\nbudget_per_day = 'poco'", "[costs.x] budget_per_day: tiene que ser un número (es 'poco')"),
        ("[costs.x]\nbudget_per_day = []", "[costs.x] budget_per_day: tiene que ser un número (es [])"),
        ("[costs.x]\nbudget_per_day = inf", "[costs.x] budget_per_day: tiene que ser un número finito (es inf)"),
        ("[costs.pigeon.prices]\nflight = 1", "[costs.pigeon] of: falta"),
        ("[service]\npoll_seconds = 'poco'", "[service] poll_seconds: tiene que ser un número (es 'poco')"),
        ("[desk.discord]\nguild = 'x'", "[desk.discord] guild: tiene que tener la forma '^[0-9]{15,20}$'"),
        (
            "[desk.discord]\nbase_url = 'x'",
            "[desk.discord] base_url: tiene que ser una dirección web completa, como https://example.org",
        ),
        (
            "[desk]\nkind = 'discord'\n[desk.discord.roles]\nagent = ['123456789012345678']",
            (
                "desk: kind = 'discord' necesita guild, forum, alerts, approvals, voices, token en [desk.discord]; "
                "`vivencia init discord` los encuentra"
            ),
        ),
        ("channels = 3", "channels: tiene que ser una tabla"),
        (
            "[brand]\nname = = 3",
            "no es TOML válido: no es un valor; un texto va entre comillas (línea 2, columna 8); corrige esa línea",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_mistake_in_the_file(tmp_path: Path, text: str, spanish: str) -> None:
    (file := tmp_path / "vivencia.toml").write_text(text, encoding="utf-8")

    assert in_spanish(lambda: read_settings(file)).removeprefix(f"{tmp_path}/") == f"vivencia.toml: {spanish}"


def test_a_file_that_breaks_off(tmp_path: Path) -> None:
    (file := tmp_path / "vivencia.toml").write_text("[brand]\nname")

    assert in_spanish(lambda: read_settings(file)).endswith(" (al final del archivo); corrige esa línea")


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        (
            ROAMING.replace('of = "product_use"', ""),
            "'roaming' no tiene `of`; añade el punto de contacto que precisa, como of = 'product_use'",
        ),
        (ROAMING.replace(', "sin red en Italia"', ""), "'roaming' tiene pocos ejemplos distintos (2); da al menos 3, "),
        ('[brand.touchpoints.delivry]\nes = "x"', "'delivry' no tiene `of`; ¿querías decir 'delivery'?"),
        ('[brand.touchpoints.delivery]\nof = "store"', "'delivery' es uno de los diez y solo admite `es` y `en`; "),
        ("[brand.touchpoints.delivery]", "'delivery' no cambia nada; ponle `es`, `en` o los dos"),
        (ROAMING.replace("roaming]", "Data-Roaming]"), "'Data-Roaming' no vale como nombre de un punto de contacto; "),
        (
            '[brand.touchpoints.delivery]\nes = "Itinerancia"' + ROAMING,
            "'delivery' y 'roaming' se llaman igual, 'Itinerancia', en es; cámbiale el nombre a uno",
        ),
    ],
    ids=lambda value: value[:40],
)
def test_a_mistake_about_touchpoints(tmp_path: Path, text: str, spanish: str) -> None:
    (file := tmp_path / "vivencia.toml").write_text(text, encoding="utf-8")

    assert in_spanish(lambda: read_settings(file)).startswith(f"vivencia.toml: [brand] touchpoints: {spanish}")


def test_a_touchpoints_name_and_examples_have_their_length(tmp_path: Path) -> None:
    file = tmp_path / "vivencia.toml"

    file.write_text(ROAMING.replace("Itinerancia", "a" * 31))
    assert "] es: tiene que tener 30 caracteres como mucho (es 'aaa" in in_spanish(lambda: read_settings(file))
    file.write_text(ROAMING.replace("El roaming no va", ""))
    assert "examples] 0: tiene que tener 1 carácter o más (es '')" in in_spanish(lambda: read_settings(file))


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    (binary := tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")

    assert in_spanish(lambda: read_settings(tmp_path / "nope.toml")) == (
        f"{tmp_path}/nope.toml: no existe ese archivo de configuración; créalo a partir de config/example.toml o quita "
        "--config"
    )
    assert in_spanish(lambda: read_settings(tmp_path)) == (
        f"{tmp_path}: no se puede leer ([Errno 21] es un directorio: '{tmp_path}'); mira el archivo y sus permisos"
    )
    assert in_spanish(lambda: read_settings(binary)) == (
        f"{binary}: no se puede leer ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte); "
        "mira el archivo y sus permisos"
    )


@pytest.mark.parametrize(
    ("variable", "value", "spanish"),
    [
        (
            "VIVENCIA_POLCY__MODE",
            "off",
            "la variable VIVENCIA_POLCY__MODE no existe; ¿querías decir VIVENCIA_POLICY?",
        ),
        ("VIVENCIA_QQQQ", "1", "la variable VIVENCIA_QQQQ no existe; existen: VIVENCIA_BRAND, VIVENCIA_CHANNELS, "),
        (
            "VIVENCIA_POLICY__MODE",
            "of",
            (
                "la variable VIVENCIA_POLICY__MODE: [policy] mode: tiene que ser 'off', 'shadow', 'approve' o 'auto' "
                "(es 'of')"
            ),
        ),
        (
            "VIVENCIA_POLICY__MOED",
            "off",
            "la variable VIVENCIA_POLICY__MOED: [policy] la clave 'moed' no existe; ¿querías decir 'mode'?",
        ),
        (
            "VIVENCIA_POLICY",
            "off",
            "la variable VIVENCIA_POLICY no es una tabla; pon una clave cada vez, como VIVENCIA_POLICY__MODE=off",
        ),
    ],
)
def test_a_mistake_in_a_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, spanish: str) -> None:
    monkeypatch.setenv(variable, value)

    assert in_spanish(read_settings).startswith(spanish)


def test_a_secret_or_variable_that_is_no_table_or_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk").write_text("secret")
    assert in_spanish(lambda: read_settings(secrets=tmp_path)) == (
        f"{tmp_path}: el secreto 'desk' no es una tabla; ponle un nombre como channels__x__token"
    )
    monkeypatch.setenv("VIVENCIA_BRAND__ACCOUNTS", "tostadero")
    assert in_spanish(read_settings) == (
        "la variable VIVENCIA_BRAND__ACCOUNTS no es JSON, y fuera del archivo una lista se escribe así: "
        """'["zarapito"]'"""
    )


@pytest.mark.parametrize(
    ("secret", "hint"),
    [
        ("chanels__x__token", "¿querías decir 'channels__x__token'?"),
        ("zzzz__token", "ponle un nombre como channels__x__token"),
    ],
)
def test_a_strange_secret(tmp_path: Path, secret: str, hint: str) -> None:
    (tmp_path / secret).write_text("secret")

    assert in_spanish(lambda: read_settings(secrets=tmp_path)) == f"{tmp_path}: el secreto '{secret}' no existe; {hint}"


@pytest.mark.parametrize(
    ("table", "spanish"),
    [
        ({"mode": "atuo"}, "mode: tiene que ser 'off', 'shadow', 'approve' o 'auto'"),
        ({"budget_per_day": "poco"}, "budget_per_day: tiene que ser un número"),
        ({"budget_per_day": []}, "budget_per_day: tiene que ser un número"),
        ({"must_be_summoned": "quizá"}, "must_be_summoned: tiene que ser true o false"),
        ({"kind": 3}, "kind: tiene que ser un texto entre comillas"),
    ],
)
def test_a_mistake_in_a_common_key_of_a_channel(table: dict[str, object], spanish: str) -> None:
    assert in_spanish(lambda: common_keys("x", table)) == f"[channels.x] {spanish}"


@pytest.mark.parametrize(
    ("address", "spanish"),
    [
        (3, 'tiene que ser una dirección web completa, como "https://…"'),
        ("ftp://zarapito.example", "tiene que empezar por 'http' o 'https'"),
        ("https://" + "a" * 3000, "la dirección puede tener 2083 caracteres como mucho"),
    ],
    ids=["number", "ftp", "long"],
)
def test_a_mistake_in_an_address_of_a_channel(address: object, spanish: str) -> None:
    said = in_spanish(lambda: channel_settings("x", {"kind": "feed", "feeds": [address]}))

    assert said == f"[channels.x] feeds.0: {spanish}"


def test_a_text_that_is_too_long_is_no_fact_about_its_length() -> None:
    assert told_in(ES, "[channels.x] name: string should have at most 30 characters") == (
        "[channels.x] name: tiene que tener 30 caracteres como mucho"
    )


def test_a_home_that_is_a_file_or_taken(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch()
    (tmp_path / "closed" / "service.lock").mkdir(parents=True)

    assert in_spanish(lambda: find_home(file / "below")) == (
        f"{file}/below no puede ser la casa (no es un directorio); da otra con --home o VIVENCIA_HOME"
    )
    with only_one(Home(tmp_path)):
        assert in_spanish(lambda: only_one(Home(tmp_path)).__enter__()) == (
            f"{tmp_path} lo está usando otra vivencia; detén esa primero o da otra casa con --home"
        )
    assert in_spanish(lambda: only_one(Home(tmp_path / "closed")).__enter__()) == (
        f"{tmp_path}/closed no deja escribir (es un directorio); mira de quién es y sus permisos"
    )


# --- the brand's voice ---


def opened(own: Path | None = None) -> Phrasebook:
    return open_templates(REPLIES, brand="Zarapito", language=Language.ES, own=own)


@pytest.mark.parametrize(
    ("name", "text", "spanish"),
    [
        ("es/thanks.txt", "Bien.\n\nHola {{ nombre }}.", ":3: {{ nombre }} no existe aquí; existen: brand"),
        (
            "es/thanks.txt",
            "Hola {{ brand }",
            ":1: una llave no se cierra, o encierra lo que no es una variable; corrige las llaves",
        ),
        (
            "es/thanks.txt",
            "{{ 1 // 0 }}",
            (
                ":1: aquí solo puede haber texto y variables, con los filtros upper, lower, title, capitalize, trim, "
                "default; quita lo demás"
            ),
        ),
        ("es/thanks.txt", "{{ brand | uper }}", ":1: el filtro 'uper' no existe aquí; ¿querías decir 'upper'?"),
        (
            "es/thanks.txt",
            "{{ brand | upper(3) }}",
            ":1: no se puede rellenar (do_upper() takes 1 positional argument but 2 were given); usa las variables",
        ),
        ("es/thanks.txt", "{# nada #}", ":1: no dice nada; escribe una frase o quítala"),
        ("es/thanks.txt", "\n \n", ": está vacío; escribe al menos una frase"),
        ("es/thaks.txt", "Hola", ": no hay ninguna respuesta con ese nombre; ¿querías decir es/thanks.txt?"),
        ("zz/qqqqqqqqqqq.txt", "Hola", ": no hay ninguna respuesta con ese nombre; existen: es/thanks.txt, "),
    ],
)
def test_a_mistake_in_a_reply(tmp_path: Path, name: str, text: str, spanish: str) -> None:
    (file := tmp_path / name).parent.mkdir()
    file.write_text(text)

    assert in_spanish(lambda: opened(tmp_path)).startswith(f"{file}{spanish}")


def test_replies_and_articles_that_are_not_there_or_not_readable(tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "thanks.txt").write_bytes("¡Qué alegría!".encode("latin-1"))
    (tmp_path / "es" / "envios.md").write_bytes("# Envíos".encode("latin-1"))

    assert in_spanish(lambda: opened(tmp_path / "replies")) == (
        f"{tmp_path}/replies: no existe esa carpeta de respuestas; créala o quita `replies` de [brand]"
    )
    assert in_spanish(lambda: opened(tmp_path)).endswith("); cada idioma necesita cada respuesta, en UTF-8")
    assert in_spanish(lambda: open_knowledge(tmp_path / "articles")) == (
        f"{tmp_path}/articles: no existe esa carpeta de artículos; créala o quita `knowledge` de [brand]"
    )
    assert in_spanish(lambda: open_knowledge(tmp_path)).endswith("); guárdalo en UTF-8")
    (tmp_path / "es" / "envios.md").write_text("Envíos")
    assert in_spanish(lambda: open_knowledge(tmp_path)) == (
        f"{tmp_path}/es/envios.md: no es un artículo; la línea 1 es `# Pregunta`, la 2 `keywords: …`, luego van una "
        "línea vacía y la respuesta"
    )


@pytest.mark.parametrize(
    ("name", "spanish"),
    [
        ("ES/envios.md", "/ES/envios.md: un artículo va en la carpeta de su idioma; ¿querías decir es/envios.md?"),
        ("a.md", "/a.md: un artículo va en la carpeta de su idioma; llévalo a es, en, pt o ca, o sácalo de aquí"),
        ("a.txt", ": no tiene ningún artículo; escribe uno, como es/returns.md, o quita `knowledge` de [brand]"),
    ],
)
def test_articles_that_nobody_would_find(tmp_path: Path, name: str, spanish: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("# Envíos\nkeywords: envío\n\nEn dos días.\n", encoding="utf-8")

    assert in_spanish(lambda: open_knowledge(tmp_path)) == f"{tmp_path}{spanish}"


@pytest.mark.parametrize(
    ("order", "spanish"),
    [
        (("hush", "thnak"), "order: 'thnak' no existe; ¿querías decir 'thank'?"),
        (("zzz",), "order: 'zzz' no existe; existen: hush, thank, answer, escalate, route, ask, acknowledge"),
        (("thank", "thank"), "order nombra dos veces un mismo respondedor: thank, thank; nombra cada uno una vez"),
        (("thank", "hush"), "order: 'hush' tiene que ir primero, porque a lo que calla no puede responder nadie más"),
    ],
)
def test_a_wrong_order_of_responders(order: tuple[str, ...], spanish: str) -> None:
    rules, phrasebook = Rules(elsewhere=ChannelRules(mode=Mode.AUTO, limit=280)), opened()
    policy = RuleBook(rules, personal_data=Recogniser(), disclosure=phrasebook.disclosure)
    hours = BusinessHours(zone=ZoneInfo("Europe/Madrid"), opens=time(9), closes=time(19), weekdays=frozenset(range(5)))
    kit = Kit(
        phrasebook=phrasebook, policy=policy, limit_of=rules.limit_of, desk="casos", alerts="alertas", hours=hours
    )

    assert in_spanish(lambda: open_responders(order, kit)) == f"[responders] {spanish}"


# --- models ---


@pytest.mark.parametrize(
    ("source", "labels", "spanish"),
    [
        ("mi modelo", {}, "source = 'mi modelo' no es ni una carpeta ni un id de Hugging Face como owner/name"),
        (
            "owner/name",
            {},
            (
                "revision: un id de Hugging Face necesita su commit, 40 cifras hexadecimales, para que nadie cambie el "
                "modelo sin que se note"
            ),
        ),
        (
            ".",
            {"LABEL_0": "angry"},
            "labels: 'angry' no es una etiqueta de sentiment; existen: negative, neutral, positive",
        ),
    ],
)
def test_a_mistake_about_an_own_model(source: str, labels: dict[str, str], spanish: str) -> None:
    given = OwnModel(task="sentiment", source=source, revision=None, labels=labels)

    assert in_spanish(lambda: open_own_model(given, offline=True)) == f"[model.tasks.sentiment] {spanish}"


def test_a_folder_that_holds_no_own_model(tmp_path: Path) -> None:
    given = OwnModel(task="intents", source=str(tmp_path), revision=None, labels={})

    said = in_spanish(lambda: open_own_model(given, offline=True), ModelUnavailable)

    assert said.startswith(f"[model.tasks.intents] {tmp_path} no se puede abrir: ")
    assert said.endswith("; necesita config.json, un tokenizador y los pesos en safetensors")


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "it is not on this machine; fetch it once with offline = false",
            "no está en esta máquina; descárgalo una vez con offline = false",
        ),
        ("is the name right?", "¿está bien el nombre?"),
    ],
)
def test_an_own_model_that_cannot_be_had(english: str, spanish: str) -> None:
    said = told_in(wording(Language.ES), f"[model.tasks.intents] owner/name cannot be opened: gone; {english}")

    assert said == f"[model.tasks.intents] owner/name no se puede abrir: gone; {spanish}"


def test_a_model_that_is_not_whole(tmp_path: Path) -> None:
    assert in_spanish(lambda: check_sums(tmp_path), ModelUnavailable) == (
        f"no hay modelo en {tmp_path}: falta SHA256SUMS; reinstala vivencia o pon source en [model]"
    )
    (tmp_path / "SHA256SUMS").write_text("00  config.json\n")
    assert in_spanish(lambda: check_sums(tmp_path), ModelUnavailable) == (
        f"el modelo de {tmp_path} está incompleto: falta config.json; reinstala vivencia"
    )
    (tmp_path / "config.json").write_text("{}")
    assert in_spanish(lambda: check_sums(tmp_path), ModelUnavailable) == (
        f"el modelo de {tmp_path} está dañado: config.json no coincide con SHA256SUMS; reinstala vivencia"
    )


# --- the database ---


async def database_in_spanish(place: Path, kind: type[VivenciaError] = ConfigError) -> str:
    with pytest.raises(kind) as caught:
        async with open_store(place):
            pass
    return told_in(ES, str(caught.value)).removeprefix(str(place))


def tell(place: Path, sql: str) -> None:
    with sqlite3.connect(place) as connection:
        connection.execute(sql)
    connection.close()


async def test_a_file_that_is_not_our_database(tmp_path: Path) -> None:
    (notes := tmp_path / "notes.db").write_text("mis notas de las vacaciones\n" * 100)
    tell(recipes := tmp_path / "recipes.db", "CREATE TABLE recipes (name TEXT)")
    (tmp_path / "folder.db").mkdir()

    assert await database_in_spanish(notes) == (
        " no es una base de datos de Vivencia; elige otra casa o aparta ese archivo (file is not a database)"
    )
    assert await database_in_spanish(recipes) == (
        " es una base de datos de otro programa; elige otra casa o aparta ese archivo"
    )
    assert await database_in_spanish(tmp_path / "folder.db", StoreUnavailable) == (
        f"la base de datos {tmp_path}/folder.db no se puede usar ahora: no se puede abrir: es de solo lectura, o está "
        "en una carpeta en la que este usuario no puede escribir (unable to open database file)"
    )


async def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    async with open_store(place := tmp_path / "v.db"):
        pass
    tell(place, "PRAGMA user_version = 99")

    said = await database_in_spanish(place)

    assert said.startswith(" es de una versión más nueva de Vivencia (su forma es la 99, este programa conoce la ")
    assert said.endswith("); instala esa versión o recupera una copia anterior")


@pytest.mark.parametrize(
    ("code", "spanish"),
    [
        (sqlite3.SQLITE_BUSY, "otro proceso lleva demasiado tiempo escribiendo en ella"),
        (sqlite3.SQLITE_FULL, "el disco está lleno; haz sitio y el trabajo sigue solo"),
        (sqlite3.SQLITE_IOERR, "el disco da errores de entrada y salida"),
        (sqlite3.SQLITE_READONLY, "el archivo o su disco es de solo lectura"),
        (sqlite3.SQLITE_PERM, "este usuario no puede escribir el archivo"),
        (
            sqlite3.SQLITE_CANTOPEN,
            "no se puede abrir: es de solo lectura, o está en una carpeta en la que este usuario no puede escribir",
        ),
        (sqlite3.SQLITE_NOMEM, "se ha acabado la memoria"),
    ],
)
def test_a_database_that_cannot_be_used_now(code: int, spanish: str) -> None:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code

    assert told_in(ES, str(spoken(error, "/v.db"))) == (
        f"la base de datos /v.db no se puede usar ahora: {spanish} (as SQLite says it)"
    )


# --- what others wrote ---


def test_what_a_person_wrote_of_a_key_stays_as_it_is() -> None:
    assert told_in(ES, "the key customer is away") == "the key customer is away"


def test_a_strangers_text_with_many_colons_stays_as_it_is() -> None:
    text = "a: " * 2000

    assert told_in(ES, text) == text
