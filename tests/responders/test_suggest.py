"""What an agent is offered to begin with: an article, thanks, or nothing; never something made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.reading import Intent, Language, Sentiment
from bot.domain.situation import Situation
from responders.knowledge import ArticleSearch
from responders.suggest import Suggestions
from responders.templates import Phrasebook

Tell = Callable[..., Situation]


@pytest.fixture
def suggest(knowledge: ArticleSearch, phrasebook: Phrasebook) -> Suggestions:
    return Suggestions(knowledge=knowledge, phrasebook=phrasebook, limit_of=lambda _: 60)


def test_an_article_in_the_customers_language_with_its_source(suggest: Suggestions, tell: Tell) -> None:
    draft = suggest(tell("How do I return an order?", language=Language.EN, intents=(Intent.COMPLAINT,)))

    assert draft is not None
    assert (draft.text, draft.language) == ("You have 30 days.", Language.EN)
    assert draft.sources[0] == "en/returns"
    assert draft.draft_only


def test_thanks_for_thanks(suggest: Suggestions, tell: Tell) -> None:
    draft = suggest(tell("¡Sois geniales!", sentiment=Sentiment.POSITIVE, intents=(Intent.PRAISE,)))

    assert draft is not None
    assert draft.sources[0].startswith("es/thanks#")


def test_who_asks_for_a_person_is_offered_one_and_no_article(suggest: Suggestions, tell: Tell) -> None:
    draft = suggest(tell("Quiero devolver esto y hablar con una persona", intents=(Intent.REQUEST,)))

    assert draft is not None
    assert draft.sources[0].startswith("es/handover#")
    assert draft.draft_only


@pytest.mark.parametrize("known", [{}, {"sentiment": Sentiment.POSITIVE, "intents": (Intent.COMPLAINT,)}])
def test_nothing_where_nothing_fits(suggest: Suggestions, tell: Tell, known: dict[str, object]) -> None:
    assert suggest(tell("El repartidor fue un grosero", **known)) is None


def test_without_a_knowledge_base_there_are_templates_only(phrasebook: Phrasebook, tell: Tell) -> None:
    suggest = Suggestions(knowledge=None, phrasebook=phrasebook, limit_of=lambda _: 60)

    assert suggest(tell("¿Cómo devuelvo un pedido?")) is None
