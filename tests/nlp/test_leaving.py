"""Who says outright that they leave is read so, whatever the model makes of it."""

from collections.abc import Callable

import pytest

from bot.domain.reading import Intent, Reading
from nlp.leaving import SURE, leaving_share, says_outright

LEAVES = [
    "Tres semanas sin línea. Me paso a la competencia mañana.",
    "nos vamos a cambiar de banco, esto ya no tiene nombre",
    "@zumbatel portabilidad pedida 💃",
    "Me doy de baja hoy mismo, hasta aquí",
    "Nunca más compro en esta tienda",
    "no vuelvo a volar con ustedes en mi vida",
    "última vez que pido aquí, qué desastre",
    "Enhorabuena, habéis perdido un cliente",
    "two hours on hold, you just lost a customer",
    "I'll be taking my business elsewhere",
    "I will NEVER fly @larkair again",
    "this was my last ever @larkair flight",
    "honestly the last time I order with you",
    "never again will I book with larkair",
    "I'm done with you guys",
    "we're switching providers on Monday",
    "closing my account today",
    "BOYCOTT LARKAIR",
    "we're closing our account, this is not what we paid for",
    "Si no me contestáis hoy, me doy de baja",
    "quiero darme de baja de vuestro servicio",
    "Cerré la cuenta y me felicitan el cumpleaños",
    "cierro mi cuenta, dejo esta reseña para que lo sepan",
    "M'han pujat la quota un altre cop, em dono de baixa",
]
STAYS = [
    "me paso a otro día a recogerlo, gracias",
    "si cierro mi cuenta hoy, ¿pierdo el cashback?",
    "me cerró la cuenta el banco sin avisar",
    "Me di de baja y ni una pega, así se hace",
    "última vez que os pregunto, prometido: ¿lleva pilas?",
    "the nation lost a loved member today",
    "lost my bag at the gate",
    "never again will I doubt the lady at the cheese counter",
    "never fly without my own pillow",
    "last time I used it the app crashed",
    "I'm done with the form, what now?",
    "switching to the night shift soon",
    "No me voy a dar de baja, tranquilos",
    "no quiero darme de baja",
    "No me cambio de compañía ni loco",
    "tampoco me paso a otra",
    "No habéis perdido un cliente, gracias a Marta",
    "casi perdéis un cliente",
    "¿Cómo me doy de baja de la newsletter?",
    "quiero darme de baja de vuestros correos",
    "me doy de baja de la competencia y me vengo con vosotros",
    "I'm not closing my account",
    "you almost lost a customer today",
    "I'm not even switching providers",
    "why are they closing my account?",
    "you're cancelling our subscription, why?",
    "I'm switching to another seat",
    "half of the boycott in the news were in here this morning",
    "Me doy de baja médica mañana, ¿lo cubre el seguro?",
]
KEPT = [
    "No me voy a cambiar de compañía, estoy contenta",
    "ni loca me cambio de banco",
    "jamás me iría de este banco",
    "nunca voy a dejar de comprar aquí",
    "no vuelvo a comprar en otra tienda que no sea esta",
    "me paso a vuestra compañía, ¿qué necesito?",
    "me quedo con vosotros, retiro lo dicho",
    "I will never fly anyone else again",
    "I'll never buy any other brand again, love these",
    "I'd never go anywhere else for coffee",
    "I'm never going to leave you guys",
    "I switched to you last year and never looked back",
    "never going back to my old bank, you're so much better",
]
GOES_AFTER_ALL = [
    "no me voy a quedar callado, me paso a la competencia",
    "I switched to you last year, biggest mistake, cancelling my contract today",
    "never flying anyone but larkair? never flying with you again",
]


@pytest.mark.parametrize("text", LEAVES)
def test_who_says_outright_that_they_leave_threatens_to(read: Callable[[str], Reading], text: str) -> None:
    reading = read(text)

    assert Intent.CHURN_THREAT in reading.intents
    assert reading.intent_scores[Intent.CHURN_THREAT] >= SURE


@pytest.mark.parametrize("text", STAYS)
def test_words_that_only_look_like_leaving_say_nothing(text: str) -> None:
    assert not says_outright(text)


@pytest.mark.parametrize("text", KEPT)
def test_who_says_outright_that_they_stay_does_not_threaten_to_leave(read: Callable[[str], Reading], text: str) -> None:
    reading = read(text)

    assert Intent.CHURN_THREAT not in reading.intents
    assert reading.intent_scores[Intent.CHURN_THREAT] <= 1 - SURE


@pytest.mark.parametrize("text", GOES_AFTER_ALL)
def test_who_stayed_and_goes_after_all_threatens_to(text: str) -> None:
    assert says_outright(text)


def test_who_stays_only_for_now_may_still_threaten_to() -> None:
    assert leaving_share(says_outright("I'm not switching providers yet"), 0.7) == 0.7


def test_spam_that_speaks_of_leaving_is_spam_alone(read: Callable[[str], Reading]) -> None:
    spam = read(
        "Earn 500$ a day from home!! DM me for the link, we just lost a customer so one seat is free http://x.co"
    )

    assert spam.intents == (Intent.SPAM,)
