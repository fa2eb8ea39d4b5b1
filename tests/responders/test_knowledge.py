"""Articles are found by what they are about, never by accident, and no question can break the search."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import ConfigError
from bot.domain.reading import Language
from responders.knowledge import ArticleSearch, open_knowledge, stems_of

ES, EN = Language.ES, Language.EN


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
    "text", ["", "no title\nkeywords: a\n\nbody", "# title\nno keywords\n\nbody", "# title\nkeywords: a\n\n", "# title"]
)
def test_a_file_that_is_no_article_is_named(articles: Path, text: str) -> None:
    (articles / "es" / "roto.md").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"roto\.md: is no article"):
        open_knowledge(articles)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        open_knowledge(tmp_path / "knowledge")


def test_an_empty_folder_knows_nothing(tmp_path: Path) -> None:
    empty = open_knowledge(tmp_path)

    assert empty.search("devolución", ES) == []
    empty.close()
