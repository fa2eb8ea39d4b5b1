"""Articles are found by what they are about, never by accident, and no question can break the search."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import ConfigError
from bot.domain.reading import Language
from responders.knowledge import ArticleSearch, open_knowledge, stems_of

ES, EN = Language.ES, Language.EN
ARTICLE = "# How do I return something?\nkeywords: return\n\nSend it.\n"
BUNDLED = Path(__file__).parents[2] / "config" / "demo" / "knowledge"


@pytest.fixture(scope="module")
def bundled() -> Iterator[ArticleSearch]:
    search = open_knowledge(BUNDLED)
    yield search
    search.close()


@pytest.mark.parametrize(
    ("question", "language", "slug"),
    [
        ("¿Cómo hago una devolución?", ES, "devoluciones"),
        ("como hago una devolucion", ES, "devoluciones"),
        ("¿Aceptáis devoluciones?", ES, "devoluciones"),
        ("DEVOLUCIÓN", ES, "devoluciones"),
        ("¿Puedo cambiar la talla?", ES, "devoluciones"),
        ("¿Cuánto tardan los envíos?", ES, "envios"),
        ("¿Cuándo me llega el pedido?", ES, "envios"),
        ("necesito facturas", ES, "factura"),
        ("¿Abrís los domingos?", ES, "horario"),
        ("how long do deliveries take?", EN, "delivery"),
        ("where is my parcel? tracking says nothing", EN, "delivery"),
        ("Can I get refunds?", EN, "returns"),
    ],
)
def test_an_article_is_found_with_or_without_accents_and_plurals(
    knowledge: ArticleSearch, question: str, language: Language, slug: str
) -> None:
    found = knowledge.search(question, language)

    assert found
    assert found[0].slug == slug
    assert found[0].language is language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("", ES),
        ("   ", ES),
        ("¿?", ES),
        ("¿Qué tal estáis?", ES),
        ("asdf qwer zxcv", ES),
        ("¿Tenéis botas de montaña para niños en color azul marino?", ES),
        ("do you like jazz music?", EN),
        ("¿Cómo hago una devolución?", EN),
        ("how do I return this?", ES),
        ("return", Language.PT),
        ("mi gato duerme todo el tiempo y la península es bonita", ES),
    ],
)
def test_nonsense_finds_nothing(knowledge: ArticleSearch, question: str, language: Language) -> None:
    assert knowledge.search(question, language) == []


@pytest.mark.parametrize(
    ("question", "language", "slug"),
    [
        ("abrís jueves y viernes santo en Valencia?", ES, "opening-hours"),
        ("are you open in Dublin tomorrow (good friday)?", EN, "opening-hours"),
        ("donde está mi pedido???", ES, "delivery-times"),
        ("¿enviáis a Canarias?", ES, "delivery-times"),
        ("¿puedo devolver una lámpara sin el tique?", ES, "returns"),
        ("do you take the old mattress away when you deliver the new one?", EN, "assembly-take-away"),
        ("can you send me a return label?", EN, "returns"),
    ],
)
def test_the_bundled_articles_answer_what_they_are_about(
    bundled: ArticleSearch, question: str, language: Language, slug: str
) -> None:
    assert [article.slug for article in bundled.search(question, language)][:1] == [slug]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        # a shop and its town say where, not that its hours are asked for
        ("tenéis aparcabicis o algo en la tienda de madrid?", ES),
        ("la tienda de Madrid tiene las macetas de autorriego?", ES),
        ("that pale blue Garza one, is it in the Dublin shop or online only?", EN),
        ("can I bring something back to the Bristol shop if I bought it online, or do I have to post it", EN),
        # the brand's name stands in a title
        ("alguien sabe si en zarapito hacen descuento a familia numerosa?", ES),
        # half of a keyword: `send back`, `sin ascensor`, `not home`, `money back`
        ("Who do I send pictures to?", EN),
        ("en la 2ª hay ascensor no?", ES),
        ("You write that the courier attempted delivery on the 8th. I was home with the door open", EN),
        ("not asking for a refund just put the old player back", EN),
        # two words of a long story
        ("Remolino's battery down to 9 minutes after 5 weeks. Box says 40. is there a setting I'm missing or not", EN),
        # one word of several titles
        ("cuánto tarda a Santander?", ES),
    ],
)
def test_a_chance_word_brings_no_article(bundled: ArticleSearch, question: str, language: Language) -> None:
    assert bundled.search(question, language) == []


def test_where_every_keyword_has_a_capital_none_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "gifts.md").write_text("# Gifts\nkeywords: Wrapping, Ribbon, Card\n\nFree.\n")
    knowledge = open_knowledge(tmp_path)

    assert [article.slug for article in knowledge.search("wrapping with a ribbon?", EN)] == ["gifts"]
    knowledge.close()


@pytest.mark.parametrize(
    "question",
    ['devolución"', '"', "*", "devolución*", "NEAR(devolución talla)", "devolución NOT talla", "-devolución",
     "title:devolución", "devolución AND OR", "'; DROP TABLE articles; --", "^devolución", "{devolución}", "(",
     "a" * 9000],
)  # fmt: skip
def test_operators_are_only_words(knowledge: ArticleSearch, question: str) -> None:
    found = knowledge.search(question, ES)

    assert [article.slug for article in found] == (["devoluciones"] if "devolución" in question else [])


@given(question=st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_search(knowledge: ArticleSearch, question: str) -> None:
    assert isinstance(knowledge.search(question, ES), list)


def test_at_most_as_many_as_asked_for(knowledge: ArticleSearch) -> None:
    question = "pedido devolución envío entrega cambio"

    assert len(knowledge.search(question, ES, limit=1)) == 1
    assert {article.slug for article in knowledge.search(question, ES)} == {"devoluciones", "envios"}


def test_many_threads_may_ask_at_once(knowledge: ArticleSearch) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: knowledge.search("devolución", ES)[0].slug, range(200)))

    assert set(found) == {"devoluciones"}


def test_an_article_comes_back_whole(knowledge: ArticleSearch) -> None:
    [article] = knowledge.search("factura", ES)

    assert article.title == "¿Dónde está mi factura?"
    assert article.keywords == "factura, recibo, IVA"
    assert article.body == "En tu cuenta, en Mis compras."


def test_short_words_do_not_run_into_longer_ones() -> None:
    assert stems_of("@zarapito ¿Dónde están mis envíos? https://x.es") == ["envio"]
    assert stems_of("mes") == ["mes"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no title\nkeywords: a\n\nbody",
        "# title\nno keywords\n\nbody",
        "# title\nkeywords: a\n\n",
        "# title",
        "# \nkeywords: a\n\nbody",
    ],
)
def test_a_file_that_is_no_article_is_named(articles: Path, text: str) -> None:
    (articles / "es" / "roto.md").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"roto\.md: is no article"):
        open_knowledge(articles)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        open_knowledge(tmp_path / "knowledge")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("EN/a.md", "did you mean en/a.md?"),
        ("en-GB/a.md", "did you mean en/a.md?"),
        ("english/a.md", "did you mean en/a.md?"),
        ("español/a.md", "did you mean es/a.md?"),
        ("en/more/a.md", "did you mean en/a.md?"),
        ("en/a.markdown", "did you mean en/a.md?"),
        ("fr/a.md", "move it to es, en, pt or ca, or out of here"),
        ("a.md", "move it to es, en, pt or ca, or out of here"),
    ],
)
def test_an_article_that_nobody_would_find_is_named(articles: Path, name: str, hint: str) -> None:
    (file := articles / name).parent.mkdir(parents=True, exist_ok=True)
    file.write_text(ARTICLE, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        open_knowledge(articles)
    assert str(caught.value) == f"{file}: an article lies in the folder of its language; {hint}"


@pytest.mark.parametrize(
    "name", ["en/a.MD", "en/.a.md.swp", ".obsidian/a.md", "en/picture.png", "notes.txt", "en/b.md/c"]
)
def test_what_is_hidden_or_no_article_stands_there_in_peace(tmp_path: Path, name: str) -> None:
    for file in (tmp_path / "en" / "a.md", tmp_path / name):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(ARTICLE, encoding="utf-8")
    with closing(open_knowledge(tmp_path)) as knowledge:
        assert knowledge.search("how do I return something?", EN)[0].slug == "a"


def test_an_article_saved_by_notepad_is_one(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.md").write_bytes(f"\ufeff{ARTICLE}".replace("\n", "\r\n").encode())
    with closing(open_knowledge(tmp_path)) as knowledge:
        [article] = knowledge.search("how do I return something?", EN)

    assert (article.title, article.body) == ("How do I return something?", "Send it.")


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()

    with pytest.raises(ConfigError, match=r"holds no article; write one like es/returns\.md"):
        open_knowledge(tmp_path)


def test_articles_are_counted_by_language(bundled: ArticleSearch) -> None:
    assert bundled.count() == {ES: 21, EN: 21}
