"""The brand's voice: complete in every language, short enough for every channel, and checked when loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.action import Action, Ask, Close, Reply, ReplyKind
from bot.domain.errors import ConfigError
from bot.domain.mention import MentionId
from bot.domain.outbox import Verdict
from bot.domain.ports.reader import PersonalData
from bot.domain.reading import Intent, Language, Sentiment
from bot.domain.situation import Situation
from responders.disclosure import Disclosing
from responders.policy import ChannelRules, Mode, RuleBook, Rules
from responders.templates import SPOKEN, VARIABLES, FormOfAddress, Occasion, Phrasebook, open_templates
from responders.thank import Thank
from responders.wants_person import wants_person

Tell = Callable[..., Situation]
REPLIES = Path(__file__).parents[2] / "config" / "replies"
SHORTEST_CHANNEL = 280
VALUES = {"case": "1234567", "opens": "el miércoles 30 de septiembre a las 09:00"}
HOSTILE = ["{{ 7 * 7 }}", "{% raw %}", "Ben & Jerry's <b>", "{{ ''.__class__ }}", "Ñandú™ 100 %s {0}", "@everyone #1"]
SAID = [occasion for occasion in Occasion if occasion is not Occasion.DISCLOSURE]


# words of who says tú (or tu), as our phrasings use them; none is also one of a formal address
TU_WORDS = frozenset(
    {
        "tú", "tu", "tus", "te", "ti", "contigo", "has", "das", "pones", "ayudas", "guarda", "escríbenos", "cuéntanos",
        "quieras", "teu", "teus", "tua", "dás", "quiseres", "gostaste", "contaste", "escreveres", "avisares",
        "escriviu", "teva", "dones", "poses", "vulguis", "respon", "tendrás", "puedes", "terás", "hauràs",
        "pots", "ajudes", "tornis",
    }
)  # fmt: skip
FORMAL_WORDS = frozenset(
    {
        "usted", "su", "le", "guarde", "escriba", "responda", "tendrá", "puede", "escríbanos", "sua", "lhe", "consigo",
        "escreva", "terá", "vostè", "seva", "guardi", "escrigui", "respongui", "haurà",
    }
)  # fmt: skip
VOS_WORDS = frozenset({"vos", "acá", "podés", "ponés", "tenés", "guardá", "respondé", "escribí", "escribinos"})


def opened(own: Path | None = None, brand: str = "Zarapito", address: FormOfAddress = FormOfAddress.TU) -> Phrasebook:
    return open_templates(REPLIES, brand=brand, language=Language.ES, address=address, own=own)


def all_phrasings(book: Phrasebook, occasion: Occasion, language: Language) -> set[str]:
    return {book.phrase(occasion, language, seed=str(number), values=VALUES).text for number in range(200)}


@pytest.mark.parametrize("address", FormOfAddress)
@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("occasion", SAID)
def test_every_language_has_four_phrasings_that_fit_with_the_disclosure(
    language: Language, occasion: Occasion, address: FormOfAddress
) -> None:
    book = opened(brand="Hermanos Fernández de Castro y Compañía", address=address)

    phrasings = all_phrasings(book, occasion, language)

    assert len(phrasings) >= 4
    for text in phrasings:
        assert len(f"{text}\n\n{book.disclosure(language)}") <= SHORTEST_CHANNEL
        assert "{" not in text


@pytest.mark.parametrize("brand", HOSTILE)
def test_a_hostile_brand_name_is_just_text(brand: str) -> None:
    book = opened(brand=brand)

    for language in SPOKEN:
        phrasings = all_phrasings(book, Occasion.THANKS, language)
        assert any(brand in text for text in phrasings)
        assert not any("49" in text for text in phrasings)


def test_the_receipt_carries_the_case_key() -> None:
    for language in SPOKEN:
        assert all("#1234567" in text for text in all_phrasings(opened(), Occasion.RECEIPT, language))


@pytest.mark.parametrize("occasion", [Occasion.SURVEY_CSAT, Occasion.SURVEY_CSAT_CLOSED])
def test_a_survey_names_both_ends_of_its_scale(occasion: Occasion) -> None:
    for language in SPOKEN:
        assert all("1" in text and "5" in text for text in all_phrasings(opened(), occasion, language))


def test_a_retry_says_the_same_and_customers_do_not_all_read_one_sentence() -> None:
    first, second = opened(), opened()
    said = [first.phrase(Occasion.THANKS, Language.ES, seed=f"x:{number}") for number in range(400)]

    assert said == [second.phrase(Occasion.THANKS, Language.ES, seed=f"x:{number}") for number in range(400)]
    counts = [sum(phrase.source == source for phrase in said) for source in {phrase.source for phrase in said}]
    assert len(counts) >= 4
    assert min(counts) > 400 / len(counts) / 2


@pytest.mark.parametrize("language", SPOKEN)
def test_the_word_the_disclosure_asks_for_is_understood(language: Language) -> None:
    line = opened().disclosure(language)
    word = line.replace("«", "'").replace("»", "'").split("'")[1]

    assert wants_person(word)
    assert wants_person(f"@zarapito {word}")


# --- the owner's folder ---


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_owners_file_replaces_ours_and_the_rest_stays(tmp_path: Path) -> None:
    write(tmp_path, "es/thanks.txt", "\n\nOle tú, de {{ brand }}.\n\n")

    book = opened(own=tmp_path)

    assert all_phrasings(book, Occasion.THANKS, Language.ES) == {"Ole tú, de Zarapito."}
    assert len(all_phrasings(book, Occasion.THANKS, Language.EN)) >= 4


def all_words(language: Language, address: FormOfAddress) -> set[str]:
    book = opened(address=address)
    said = {text for occasion in SAID for text in all_phrasings(book, occasion, language)} | {book.disclosure(language)}
    return {word for text in said for word in re.findall(r"[^\W\d_]+", text.casefold())}


@pytest.mark.parametrize("language", [Language.ES, Language.PT, Language.CA])
def test_usted_is_said_throughout_where_the_owner_wants_it(language: Language) -> None:
    familiar, formal = all_words(language, FormOfAddress.TU), all_words(language, FormOfAddress.USTED)
    assert len(familiar & TU_WORDS) >= 5
    assert not familiar & FORMAL_WORDS
    assert len(formal & FORMAL_WORDS) >= 5
    assert not formal & TU_WORDS
    assert all_words(Language.EN, FormOfAddress.USTED) == all_words(Language.EN, FormOfAddress.TU)


def test_vos_is_said_throughout_where_the_owner_wants_it() -> None:
    said = all_words(Language.ES, FormOfAddress.VOS)

    assert said >= VOS_WORDS
    assert not said & {"aquí", "puedes", "pones", "ayudas", "guarda", "responde", "ti", "contigo"}
    assert all_words(Language.PT, FormOfAddress.VOS) == all_words(Language.PT, FormOfAddress.TU)


def test_what_the_owner_wrote_stays_whatever_the_form_of_address(tmp_path: Path) -> None:
    write(tmp_path, "es/thanks.txt", "Ole tú, de {{ brand }}.")

    book = opened(own=tmp_path, address=FormOfAddress.USTED)

    assert all_phrasings(book, Occasion.THANKS, Language.ES) == {"Ole tú, de Zarapito."}
    assert "le atiende" in book.disclosure(Language.ES)


def test_a_variable_may_go_through_filters_that_always_end(tmp_path: Path) -> None:
    write(
        tmp_path,
        "es/thanks.txt",
        "{# uno #}¡{{ brand | lower | capitalize }}! {{ brand|upper|trim }}{{ brand|default('') }}",
    )

    assert all_phrasings(opened(own=tmp_path), Occasion.THANKS, Language.ES) == {"¡Zarapito! ZARAPITOZarapito"}


ONLY = "only text and variables may stand here, with the filters upper, lower, title, capitalize, trim, default; take"
MISTAKES = [
    ("es/thanks.txt", "Bien.\n\nHola {{ nombre }}.", ["thanks.txt:3", "nombre", "known: brand"]),
    ("en/receipt.txt", "One\nline {{ csae }}", ["receipt.txt:2", "csae", "known: brand, case"]),
    ("es/thanks.txt", "Bien.\n\nHola {{ brand }", ["thanks.txt:3: a brace does not close", "mend the braces"]),
    ("es/thanks.txt", "{{ brand.owner.name }}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "{{ ''.__class__.__mro__ }}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "{{ 1 // 0 }}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "{{ 'a' * 10**10 }}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "Bien\n{{ 'a' }}", ["thanks.txt:2", ONLY]),
    ("es/thanks.txt", "Bien\n{% if brand == 'x' %}a{% else %}{{ brand.no.no }}{% endif %}", ["thanks.txt:2", ONLY]),
    ("es/thanks.txt", "{% for i in range(10**9) %}{% endfor %}hola", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "{% filter upper %}hola{% endfilter %}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "{{ lipsum(n=100000) }}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "{{ brand | default(9**9**9) }}", ["thanks.txt:1", ONLY]),
    ("es/thanks.txt", "Bien\n{{ brand | uper }}", ["thanks.txt:2: the filter 'uper'", "did you mean 'upper'?"]),
    ("es/thanks.txt", "{{ brand | upper | attr('x') }}", ["the filter 'attr' is unknown here; known: upper, lower"]),
    ("es/thanks.txt", "{{ brand | upper(3) }}", ["thanks.txt:1", "cannot be filled in"]),
    ("es/thanks.txt", "{{ " + "(" * 3000 + "brand" + ")" * 3000 + " }}", ["thanks.txt:1: a brace does not close"]),
    ("es/thanks.txt", "{# nada #}", ["thanks.txt:1", "says nothing"]),
    ("es/thanks.txt", "\n \n", ["thanks.txt", "is empty"]),
    ("es/thaks.txt", "Hola", ["thaks.txt", "did you mean es/thanks.txt?"]),
    ("zz/qqqqqqqqqqqqqqqq.txt", "Hola", ["no such reply", "known: es/thanks.txt"]),
]


@pytest.mark.parametrize(("name", "text", "words"), MISTAKES)
def test_a_mistake_in_a_template_is_found_when_it_is_loaded(
    tmp_path: Path, name: str, text: str, words: list[str]
) -> None:
    write(tmp_path, name, text)

    with pytest.raises(ConfigError) as found:
        opened(own=tmp_path)

    assert all(word in str(found.value) for word in words), str(found.value)
    assert "\n" not in str(found.value)


def test_phrasings_with_a_link_are_named(tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "thanks.txt").write_text(
        "¡Gracias!\n\nMira https://x.invalid/1\n\nMira zarapito.es, {{ brand }}"
    )

    assert opened().with_links() == []
    assert opened(own=tmp_path).with_links() == ["es/thanks#2", "es/thanks#3"]


def test_a_file_saved_by_notepad_says_what_its_owner_wrote(tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "thanks.txt").write_bytes("\ufeffGracias, {{ brand }}\r\n\r\nOle\r\n".encode())

    assert all_phrasings(opened(own=tmp_path), Occasion.THANKS, Language.ES) == {"Gracias, Zarapito", "Ole"}


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "thanks.txt").write_bytes("¡Qué alegría!".encode("latin-1"))

    with pytest.raises(ConfigError, match="UTF-8"):
        opened(own=tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        opened(own=tmp_path / "replies")


def test_no_template_may_speak_with_a_customers_words() -> None:
    assert set().union(*VARIABLES.values()) == {"brand", "case", "opens"}


# --- the disclosure line ---

LINE = "Respuesta automática"
PRAISE: dict[str, Any] = {"intents": (Intent.PRAISE,), "sentiment": Sentiment.POSITIVE}


class Says:
    """A responder that proposes what it is told to."""

    name = "says"

    def __init__(self, *actions: Action) -> None:
        self._actions = actions

    def respond(self, situation: Situation) -> tuple[Action, ...]:
        del situation
        return self._actions


def a_reply(text: str) -> Reply:
    return Reply(to=MentionId("x:77"), kind=ReplyKind.THANKS, text=text, language=Language.ES)


def signing(personal_data: PersonalData, mode: Mode, *actions: Action, limit: int = 280) -> tuple[Disclosing, RuleBook]:
    rules = Rules(elsewhere=ChannelRules(mode=mode, limit=limit))
    policy = RuleBook(rules, personal_data=personal_data, disclosure=lambda _: LINE)
    return Disclosing(Says(*actions), policy=policy, line=lambda _: LINE), policy


def test_what_leaves_alone_says_that_a_machine_wrote_it(tell: Tell, personal_data: PersonalData) -> None:
    responder, policy = signing(personal_data, Mode.AUTO, Close(reason="solved"), a_reply("¡Gracias!"))
    situation = tell("¡Me encantan!")

    close, reply = responder.respond(situation)

    assert close == Close(reason="solved")
    assert reply == a_reply(f"¡Gracias!\n\n{LINE}")
    assert policy.judge(reply, situation).verdict is Verdict.SEND


@pytest.mark.parametrize("mode", [Mode.APPROVE, Mode.SHADOW, Mode.OFF])
def test_what_waits_for_a_person_stays_unsigned(tell: Tell, personal_data: PersonalData, mode: Mode) -> None:
    responder, _ = signing(personal_data, mode, a_reply("¡Gracias!"))

    assert list(responder.respond(tell("¡Me encantan!"))) == [a_reply("¡Gracias!")]


def test_without_room_for_the_line_a_person_sends(tell: Tell, personal_data: PersonalData) -> None:
    responder, policy = signing(personal_data, Mode.AUTO, a_reply("¡Gracias!"), limit=20)
    situation = tell("¡Me encantan!")

    [reply] = responder.respond(situation)

    assert reply == a_reply("¡Gracias!")
    assert policy.judge(reply, situation).verdict is Verdict.APPROVE


def test_signed_thanks_of_the_shipped_voice_fit_and_leave(
    tell: Tell, personal_data: PersonalData, phrasebook: Phrasebook
) -> None:
    rules = Rules(elsewhere=ChannelRules(mode=Mode.AUTO, limit=SHORTEST_CHANNEL, must_be_summoned=True))
    policy = RuleBook(rules, personal_data=personal_data, disclosure=phrasebook.disclosure)
    responder = Disclosing(Thank(phrasebook), policy=policy, line=phrasebook.disclosure)
    for language in SPOKEN:
        situation = tell("…", **PRAISE, language=language)
        [reply] = responder.respond(situation)
        assert isinstance(reply, Reply | Ask)
        assert reply.text.endswith(phrasebook.disclosure(language))
        assert policy.judge(reply, situation).verdict is Verdict.SEND
