"""Thanks that end a case, and thanks in which something is still wrong: then a person looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.action import Close, Route
from bot.domain.case import Case
from bot.domain.interaction import Direction, Interaction
from bot.domain.promise import Promise, PromiseState
from bot.domain.reading import Intent, Sentiment, Urgency
from bot.domain.reason import because
from bot.domain.situation import Situation
from responders.escalate import Escalate
from responders.templates import Phrasebook
from responders.thank import Thank

Tell = Callable[..., Situation]
PRAISE: dict[str, Any] = {"intents": (Intent.PRAISE,), "sentiment": Sentiment.POSITIVE}

STILL_WRONG = (
    "Llegó roto, gracias 👏👏",
    "perfecto, llegó el color equivocado. gracias",
    "Gracias! Llegó el de otro cliente",
    "llegó tarde y mal, gracias",
    "Ya llegó, pero sin el cargador. Gracias",
    "Recibido. Falta la mitad del pedido, gracias",
    "Me lo cambiaron por otro igual de roto, gracias",
    "Me reembolsaron de menos, gracias",
    "Ya lo arreglaron y se volvió a romper, gracias",
    "Arreglado… hasta que lo enciendes. Gracias",
    "Ya llegó la talla S, pedí la L. Gracias 👍",
    "Llegó hecho pedazos, muchas gracias",
    "Chegou quebrado, obrigado",
    "gràcies, ha arribat buit",
    "It arrived! Empty box. Great job",
    "Refunded the wrong amount, well done guys",
    "got it, wrong size… thanks",
    "sorted by my bank in the end, no thanks to you",
    "Thanks, it works for five minutes then dies",
    "Great, arrived in pieces. Well done!",
    "Thanks for the replacement, same fault",
    "Replaced with another faulty one, thanks",
    "got my refund, £20 short. great job",
)
OVER = (
    "llegó tarde pero perfecto, gracias",
    "llegó sano y salvo, gracias",
    "ya no está roto, gracias",
    "cambiaron el que llegó roto, gracias",
    "me devolvieron el importe equivocado y ya lo han corregido, gracias",
    "Menos mal que llegó a tiempo, gracias",
    "Llegó lo que faltaba, gracias",
    "Pensaba que vendría roto y llegó perfecto. ¡Gracias!",
    "Recogieron el mueble dañado y ya tengo el bueno, gracias",
    "Me la arreglaron al momento y no hace falta nada más, gracias",
    "Gracias por devolverme el cobro equivocado",
    "Chegou tudo certo, obrigada",
    "works again, thanks",
    "arrived, nothing broken, thanks",
    "Thanks for replacing the broken one",
    "Empty box replaced the next day. Well done!",
    "It was broken and you fixed it in a day, great job",
    "Thanks for sending the missing part",
    "The new one isn't faulty, thank you",
    "I expected it to be damaged but it arrived perfect, thanks",
    "refunded the mouldy raspberries in minutes, thanks",
)


@pytest.mark.parametrize("text", STILL_WRONG)
def test_thanks_in_which_something_is_still_wrong_close_nothing_and_go_to_a_person(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str
) -> None:
    thanks = tell(text, **PRAISE, case=answered_case, cases=(answered_case,))

    assert list(Thank(phrasebook).respond(thanks)) == []
    assert list(Escalate(desk="casos", alerts="alertas").respond(thanks)) == [
        Route(desk="casos", reason=because("escalate.not_over"), urgency=Urgency.LOW)
    ]


@pytest.mark.parametrize("text", ["Llegó roto, gracias 👏👏", "It arrived! Empty box. Great job"])
def test_nor_are_they_thanked_for_as_praise(tell: Tell, phrasebook: Phrasebook, text: str) -> None:
    assert list(Thank(phrasebook).respond(tell(text, **PRAISE))) == []


@pytest.mark.parametrize("text", OVER)
def test_what_was_wrong_and_is_mended_closes(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str
) -> None:
    thanks = tell(text, **PRAISE, case=answered_case, cases=(answered_case,))

    assert isinstance(next(iter(Thank(phrasebook).respond(thanks))), Close)
    assert list(Escalate(desk="casos", alerts="alertas").respond(thanks)) == []


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("ok gracias", False),
        ("perfecto, muchas gracias", False),
        ("thanks a lot!", False),
        ("Ya llegó, ¡gracias!", True),
    ],
)
def test_thanks_for_a_promise_end_nothing(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case, text: str, closes: bool
) -> None:
    """Whoever thanks us for calling tomorrow has not been called."""
    situation = tell(text, **PRAISE, case=answered_case, cases=(answered_case,))
    promise = Promise(
        id="p",
        customer_id=answered_case.customer_id,
        case_id=answered_case.id,
        case_key=answered_case.key,
        who="Maya",
        what="te llamamos mañana",
        made_at=situation.now,
        due=situation.now + timedelta(days=1),
        source="p",
        state=PromiseState.OPEN,
    )

    said = list(Thank(phrasebook).respond(replace(situation, promised=(promise,))))

    assert [isinstance(action, Close) for action in said[:1]] == ([True] if closes else [])


def test_who_told_of_self_harm_is_not_done_with_by_a_machine(
    tell: Tell, phrasebook: Phrasebook, answered_case: Case
) -> None:
    despair = Interaction(
        key="x:70",
        customer_id=answered_case.customer_id,
        case_id=answered_case.id,
        mention_id=answered_case.opened_by,
        at=answered_case.opened_at,
        direction=Direction.INBOUND,
        actor="marta_g",
        channel="x",
        text="me quiero morir",
    )
    thanks = tell("Ya está resuelto, gracias", **PRAISE, case=answered_case, cases=(answered_case,))

    [route] = Escalate(desk="casos", alerts="alertas").respond(replace(thanks, history=(despair,)))

    assert isinstance(route, Route)
    assert route.reason == because("escalate.not_over")
