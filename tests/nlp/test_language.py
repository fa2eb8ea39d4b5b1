"""Languages of brand mentions, and hints for what is too short to tell."""

import pytest

from bot.domain.reading import Language
from nlp.language import LanguageReader


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("llevo dos días sin internet y nadie responde", Language.ES),
        ("my order still hasn't arrived", Language.EN),
        ("o meu pedido ainda não chegou", Language.PT),
        ("encara no m'heu tornat els diners, això és una vergonya", Language.CA),
        ("mein Paket ist immer noch nicht angekommen", Language.OTHER),
        ("@movaria https://x.co/1 no funciona la app", Language.ES),
        ("vale, el domingo paella y punto", Language.ES),
        ("pizza el viernes entonces", Language.ES),
        ("ok, wednesday then", Language.EN),
        ("sent, thanks", Language.EN),
        ("o pedido está atrasado", Language.PT),
        ("ótimo serviço, vocês são demais", Language.PT),
        ("el servei encara no funciona, vull els diners", Language.CA),
    ],
)
def test_the_language_of_a_sentence_is_told(languages: LanguageReader, text: str, language: Language) -> None:
    told, confidence = languages.read(text)
    assert told is language
    assert confidence > 0.5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("el community de @tienda se merece un aumento jajaja", Language.ES),
        ("ñaña, el Comisariato Ñuca está cerrado hoy?", Language.ES),
        ("otra vez el parking lleno", Language.ES),
        ("A @loja está linda! é essa mesma", Language.PT),
    ],
)
def test_a_letter_or_a_small_word_of_a_language_speaks_for_it_among_words_of_another(
    languages: LanguageReader, text: str, language: Language
) -> None:
    assert languages.read(text)[0] is language


@pytest.mark.parametrize("text", ["", "👍👍", "@movaria", "12345"])
def test_without_words_the_hint_decides(languages: LanguageReader, text: str) -> None:
    assert languages.read(text, Language.CA) == (Language.CA, 0.0)
    assert languages.read(text) == (Language.OTHER, 0.0)


def test_a_short_text_leans_to_the_hint(languages: LanguageReader) -> None:
    assert languages.read("no", Language.ES)[0] is Language.ES
    assert languages.read("no", Language.EN)[0] is Language.EN


@pytest.mark.parametrize(
    ("text", "hint", "read"),
    [
        ("ok", Language.ES, Language.ES),
        ("ok", Language.EN, Language.EN),
        ("hola", Language.EN, Language.ES),
        ("no funciona", Language.EN, Language.ES),
        ("perfecto", Language.EN, Language.ES),
        ("thanks", Language.ES, Language.EN),
        ("still nothing", Language.ES, Language.EN),
    ],
)
def test_words_of_one_language_alone_weigh_more_than_a_hint_of_another(
    languages: LanguageReader, text: str, hint: Language, read: Language
) -> None:
    assert languages.read(text, hint)[0] is read


def test_a_hint_does_not_outvote_a_plain_sentence(languages: LanguageReader) -> None:
    assert languages.read("my order still hasn't arrived, where is it?", Language.ES)[0] is Language.EN


@pytest.mark.parametrize("text", ["Ελληνικά", "где моя посылка?", "客服太差了 ok", "مرحبا أين طلبي", "ありがとう"])
def test_what_is_not_in_latin_letters_is_another_language_whatever_the_hint(
    languages: LanguageReader, text: str
) -> None:
    told, confidence = languages.read(text, Language.ES)

    assert told is Language.OTHER
    assert confidence > 0.5


def test_a_brands_latin_name_makes_no_greek_text_spanish_and_a_greek_letter_no_spanish_one_greek(
    languages: LanguageReader,
) -> None:
    assert languages.read("η Ribera δεν απαντά")[0] is Language.OTHER
    assert languages.read("mi número es el π y nadie responde")[0] is Language.ES
