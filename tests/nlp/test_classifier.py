"""What the shipped model makes of plain Spanish and English mentions."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.reading import Intent, Language, Reading, Sentiment, Text, Touchpoint, Urgency
from nlp.brand import BrandWords
from nlp.classifier import TransformerClassifier

Read = Callable[[str], Reading]


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("Fatal, llevo dos semanas sin internet y nadie me contesta", Sentiment.NEGATIVE),
        ("Un diez para la chica del mostrador, qué amable, mil gracias", Sentiment.POSITIVE),
        ("¿A qué hora abre mañana la tienda?", Sentiment.NEUTRAL),
        ("Worst delivery ever, the box was smashed and nobody answers", Sentiment.NEGATIVE),
        ("Love the new app, so fast and easy. Thank you!", Sentiment.POSITIVE),
        ("What time does the branch open on Monday?", Sentiment.NEUTRAL),
    ],
)
def test_the_tone_of_plain_mentions_is_read(read: Read, text: str, sentiment: Sentiment) -> None:
    assert read(text).sentiment is sentiment


@pytest.mark.parametrize(
    "text", ["Estoy triste, viendo una peli en Telemar", "crying on the sofa, Telemar on the telly"]
)
def test_a_sad_mood_is_no_bad_word_of_the_brand_where_the_text_is_known_to_be_a_mention(
    classifier: TransformerClassifier, text: str
) -> None:
    anyones, mention = classifier.read([Text(text=text), Text(text=text, mention=True)])

    assert mention.sentiment is Sentiment.NEUTRAL
    assert mention.scores[Sentiment.NEGATIVE] < anyones.scores[Sentiment.NEGATIVE]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Llevo tres días sin línea, esto es una vergüenza", Intent.COMPLAINT),
        ("¿El plan familiar incluye roaming?", Intent.QUESTION),
        ("Muchísimas gracias a la tripulación, un trato excelente", Intent.PRAISE),
        ("Gana dinero desde casa, escríbeme al DM", Intent.SPAM),
        ("My parcel is three weeks late and support ignores me", Intent.COMPLAINT),
        ("Does the family plan include roaming?", Intent.QUESTION),
        ("Huge thanks to the crew, they were brilliant", Intent.PRAISE),
    ],
)
def test_the_intent_of_plain_mentions_is_read(read: Read, text: str, intent: Intent) -> None:
    assert intent in read(text).intents


def test_spam_has_no_touchpoints(read: Read) -> None:
    spam = read("Gana dinero desde casa, escríbeme al DM")
    assert spam.spam
    assert spam.spans == ()


def test_one_mention_gives_several_touchpoints_with_their_own_tone(read: Read) -> None:
    reading = read("La web iba genial pero el paquete llegó roto y nadie contesta")
    shown = [("web", Touchpoint.WEBSITE_APP, Sentiment.POSITIVE)]
    shown += [
        ("roto", Touchpoint.DELIVERY, Sentiment.NEGATIVE),
        ("contesta", Touchpoint.SUPPORT_CONTACT, Sentiment.NEGATIVE),
    ]
    assert [(span.touchpoint, span.sentiment) for span in reading.spans] == [each[1:] for each in shown]
    assert all(word in span.quote for (word, *_), span in zip(shown, reading.spans, strict=True))


@pytest.mark.parametrize("text", ["vale, DM enviado", "ok, espero", "ok thanks, DM sent", "noted, will do"])
def test_an_acknowledgement_is_small_talk_without_touchpoints(read: Read, text: str) -> None:
    reading = read(text)
    assert Intent.SMALLTALK in reading.intents
    assert reading.touchpoints == ()
    assert reading.urgency is Urgency.LOW


@pytest.mark.parametrize(
    "text",
    [
        "por fin llegó el sofá, muchas gracias a todos",
        "the refund finally arrived, thank you so much",
        "solucionado en cinco minutos, gracias de verdad",
        "all sorted now, cheers for the help",
    ],
)
def test_thanks_after_a_solution_are_praise(read: Read, text: str) -> None:
    reading = read(text)
    assert reading.sentiment is Sentiment.POSITIVE
    assert Intent.PRAISE in reading.intents
    assert Intent.COMPLAINT not in reading.intents


@pytest.mark.parametrize(
    "text",
    [
        "@tienda a qué hora cerráis hoy la de Sevilla",
        "@shop are you open on Good Friday?",
        "¿tenéis aparcamiento en la tienda de Bilbao?",
        "can I return something to a shop if I bought it online?",
    ],
)
def test_a_plain_question_is_neutral_and_no_complaint(read: Read, text: str) -> None:
    reading = read(text)
    assert reading.sentiment is Sentiment.NEUTRAL
    assert Intent.QUESTION in reading.intents
    assert Intent.COMPLAINT not in reading.intents


@pytest.mark.parametrize("text", ["@tienda el paquete llegó roto @otra", "@shop my parcel arrived broken @other"])
def test_a_quote_leaves_the_handles_out(read: Read, text: str) -> None:
    assert all("@" not in span.quote for span in read(text).spans)


def test_touchpoints_are_exactly_those_of_the_spans(read: Read) -> None:
    reading = read("The store was spotless but my refund never arrived and the app keeps crashing")
    assert reading.spans
    assert {*reading.touchpoints} == {span.touchpoint for span in reading.spans}


@pytest.mark.parametrize(
    "text",
    [
        "Me acaban de cobrar 600€ que no he autorizado, BLOQUEAD LA TARJETA YA",
        "There's an unauthorised charge of $900 on my account, freeze my card now",
        "Mi vuelo sale en 2 horas y no puedo hacer el check-in en la app, ayuda!!",
    ],
)
def test_money_taken_and_travel_within_hours_are_urgent(read: Read, text: str) -> None:
    assert read(text).urgency is Urgency.HIGH


@pytest.mark.parametrize("text", ["Gracias por la ayuda de ayer, sois geniales", "Great service as always!"])
def test_praise_is_not_urgent(read: Read, text: str) -> None:
    assert read(text).urgency is Urgency.LOW


def test_an_expectation_is_the_authors_own_words(read: Read) -> None:
    text = "Me prometieron que llegaba el lunes, y es jueves"
    assert read(text).expectation == "Me prometieron que llegaba el lunes"


def test_no_text_breaks_the_reading(read: Read, hostile: str) -> None:
    reading = read(hostile)
    assert sum(reading.scores.values()) == pytest.approx(1, abs=0.001)
    assert all(span.quote and span.quote in hostile for span in reading.spans)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet=st.characters(), max_size=80), min_size=1, max_size=4))
def test_every_quote_is_an_exact_substring(classifier: TransformerClassifier, texts: list[str]) -> None:
    for text, reading in zip(texts, classifier.read([Text(text=text) for text in texts]), strict=True):
        quotes = [span.quote for span in reading.spans] + [reading.expectation or ""]
        assert all(quote in text for quote in quotes)


def test_a_text_reads_the_same_alone_and_in_a_batch(classifier: TransformerClassifier) -> None:
    texts = [Text(text=text) for text in ("Hola", "El técnico no vino y nadie avisa " * 8, "Thanks!")]
    together = classifier.read(texts)
    alone = [classifier.read([text])[0] for text in texts]
    assert [reading.sentiment for reading in together] == [reading.sentiment for reading in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.scores == pytest.approx(other.scores, abs=0.05)


def test_readings_keep_the_order_of_the_texts(classifier: TransformerClassifier) -> None:
    texts = ["¿Qué precio tiene la fibra? " * 6, "Great crew", "Pésimo servicio"]
    languages = [reading.language for reading in classifier.read([Text(text=text) for text in texts])]
    assert languages == [Language.ES, Language.EN, Language.ES]


def test_nothing_to_read_gives_nothing(classifier: TransformerClassifier) -> None:
    assert classifier.read([]) == []


def test_the_model_names_its_revision(read: Read) -> None:
    reading = read("hola")
    assert reading.model.startswith("vivencia-e5@")
    assert not reading.degraded


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Ruta del vino por la Ribera este finde", False),
        ("La app de la Ribera se cae", True),
        ("@bancoribera patrocina el festival del vino", True),
        ("los vinos de la Ribera", False),
    ],
)
def test_context_words_tell_the_brand_from_its_homonyms(text: str, means: bool) -> None:
    words = BrandWords(names=("@bancoribera",), elsewhere=("vino", "duero"))
    assert words.means_brand(text, off_brand=0.1) is means


@pytest.mark.parametrize("homonym", ["fútbol", "futbol", "FÚTBOL", "fu\u0301tbol"])
@pytest.mark.parametrize("text", ["Gol en el fútbol", "gol en el futbol", "FUTBOL!", "fu\u0301tbol.", "los fútboles"])
def test_a_homonym_is_one_however_its_accents_are_written(homonym: str, text: str) -> None:
    assert not BrandWords(elsewhere=(homonym,)).means_brand(text, off_brand=0.1)


@pytest.mark.parametrize("text", ["futbolista", "microfútbol", "fut bol", "fútbol_sala"])
def test_a_part_of_a_word_is_no_homonym(text: str) -> None:
    assert BrandWords(elsewhere=("fútbol", "\u0301")).means_brand(text, off_brand=0.1)


def test_so_is_what_means_the_brand() -> None:
    words = BrandWords(names=("atención al cliente", "@Peña"), elsewhere=("río",))

    assert words.means_brand("el rio y la Atencion al Cliente", off_brand=0.9)
    assert words.means_brand("el río, @PEN\u0303A", off_brand=0.9)
    assert not words.means_brand("del río a la peña", off_brand=0.1)
