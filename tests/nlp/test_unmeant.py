"""Words of law, danger, money and haste count where they are meant, not where they are denied, asked or told."""

import pytest

from bot.domain.reading import Intent, Sentiment, Urgency
from nlp.urgency import urgency_of

UNMEANT = [
    "No voy a poner una denuncia, solo quiero que me contestéis",
    "sin ánimo de denunciar a nadie, pero la web va lenta",
    "no hace falta llegar a poner una hoja de reclamaciones por esto",
    "sin necesidad de ir a la OCU me devolvieron todo",
    "yo no denuncio a nadie, solo pido que me llamen",
    "jamás pondría una hoja de reclamaciones por una tontería así",
    "nunca he tenido que ir a Profeco con ustedes",
    "El Sernac recomienda comparar precios antes del Cyber",
    "mi prima puso una denuncia contra su casero",
    "no me han cobrado dos veces, era una retención",
    "Pensé que me habían cobrado doble y era otra cosa",
    "a mi prima le cobraron dos veces en otra tienda",
    "si me cobran dos veces, ¿qué hago?",
    "no huele a gas ni nada, quiero cambiar de tarifa",
    "el boicot a la marca fue en los 90",
    "no es urgente, cuando podáis",
    "la demanda de pisos sube",
    "I'm not going to sue you over a cold latte",
    "there's no need for a solicitor, it's a small thing",
    "not asking for legal action, just an apology",
    "no intention of going to the ombudsman, honest question",
    "Ofcom says complaints are up 4%",
    "a mate took his gym to small claims and won",
    "I wasn't charged twice, it was a hold",
    "thought I'd been charged twice but it was my mistake",
    "my friend got charged twice at a different shop",
    "what if I get charged twice?",
    "not urgent, just curious about the blue light",
    "I'm not after legal action, I just want someone to answer",
    "soy abogada y vuestro programa de facturas me ahorra horas",
    "I'm a solicitor, does it export to Word?",
]
MEANT = [
    "ya les mandé la carta notarial, esperen nomás",
    "Ya dejé constancia en el libro de reclamaciones",
    "Osiptel va a resolver lo que ustedes no quieren",
    "radiqué derecho de petición contra ustedes ayer",
    "Vivo, já abri reclamação no Procon",
    "apresentei queixa no livro de reclamações",
    "Ja he posat un full de reclamacions",
    "Ya tenéis la reclamación en el Banco de España",
    "complaint filed with the FCC against you guys",
    "section 75 claim started with my bank",
    "I've gone to Citizens Advice about this",
    "my son got sick after eating your nuggets",
    "mi hijo no para de vomitar desde que comió su pollo",
    "encontré un vidrio dentro del yogur",
    "the brakes failed on the rental car",
    "me dejaron encerrada en el ascensor de la tienda",
    "voy a poner una hoja de reclamaciones",
    "si no lo arreglan hoy voy a la OCU",
    "no me queda otra que denunciar, llevo tres meses sin mi dinero",
    "No dudaré en ir a Consumo a denunciar",
    "no quiero tener que ir a la OCU pero me estáis obligando",
    "No voy a denunciar todavía, os doy hasta el viernes",
    "nunca he puesto una hoja de reclamaciones pero hoy es el día",
    "no voy a pagar hable con mi abogado",
    "no pienso callarme, voy a Condusef",
    "no tienen ni hoja de reclamaciones",
    "mi vecina os puso una denuncia y yo también",
    "Os veré en los tribunales",
    "no me contestan, mañana os denuncio",
    "no es normal que me cobren dos veces",
    "mirad si me han cobrado dos veces, ¿vale?",
    "no autoricé nada y me cobraron dos veces",
    "huele a gas en el portal",
    "me hicieron dos cargos por la misma compra",
    "I won't hesitate to call my lawyer",
    "I don't want to have to get my lawyer involved",
    "not going to trading standards yet, that is Monday",
    "you don't answer so I'm filing a chargeback",
    "not happy at all, ombudsman next",
    "if you don't refund me today I will sue",
    "I can smell gas and nobody picks up",
    "it's not ok that I was charged twice",
]


def of_complaint(text: str, high: float) -> Urgency:
    shares = {Urgency.LOW: (1 - high) / 3, Urgency.MEDIUM: 2 * (1 - high) / 3, Urgency.HIGH: high}
    return urgency_of(text, shares, sentiment=Sentiment.NEGATIVE, intents=(Intent.COMPLAINT,))


@pytest.mark.parametrize("text", UNMEANT)
def test_words_that_are_denied_asked_ahead_anothers_or_news_do_not_count(text: str) -> None:
    assert of_complaint(text, 0.3) is Urgency.MEDIUM


@pytest.mark.parametrize("text", MEANT)
def test_words_that_are_meant_count_though_a_no_stands_near(text: str) -> None:
    assert of_complaint(text, 0.1) is Urgency.HIGH


def test_where_no_word_is_meant_the_model_must_be_surer() -> None:
    assert of_complaint("no voy a poner una denuncia", 0.56) is Urgency.MEDIUM
    assert of_complaint("no voy a poner una denuncia", 0.9) is Urgency.HIGH


def test_one_word_that_is_meant_is_enough() -> None:
    assert of_complaint("no os voy a denunciar, pero huele a gas", 0.1) is Urgency.HIGH
