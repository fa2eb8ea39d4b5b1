"""What people write in mails, in Spanish and English, under everything that mail programs put around it."""

from __future__ import annotations

import time

import pytest

from listeners.mailbox_words import own_words

SAID = "El pedido llegó roto.\n\n- la lámpara azul\n- dos bombillas\n\n¿Qué hago?"
SPOKEN = "The order arrived broken.\n\n- the blue lamp\n- two bulbs\n\nWhat shall I do?"

QUOTED = "> Hola, tu pedido ha salido.\n>\n> > ¿Cuándo llega?\n> Un saludo"

INTRODUCTIONS = {
    "gmail es": "El lun, 23 nov 2026 a las 10:11, Tienda Zarapito (<hola@zarapito.example>) escribió:",
    "gmail es, wrapped": "El lun, 23 nov 2026 a las 10:11, Tienda Zarapito\n(<hola@zarapito.example>)\nescribió:",
    "apple es": "El 23 nov 2026, a las 10:11, Tienda Zarapito <hola@zarapito.example> escribió:",
    "thunderbird es": "El 23/11/26 a las 10:11, Tienda Zarapito escribió:",
    "yahoo es": "En lunes, 23 de noviembre de 2026, 10:11:12 CET, Tienda <hola@zarapito.example> escribió:",
    "evolution es": "El lun, 23-11-2026 a las 10:11 +0100, Tienda Zarapito escribió:",
    "name first es": "Tienda Zarapito <hola@zarapito.example> escribió el lun, 23 nov 2026 10:11:",
    "gmail ca": "El dl., 23 de nov. 2026 a les 10:11, Botiga (<hola@zarapito.example>) va escriure:",
    "gmail en": "On Mon, Nov 23, 2026 at 10:11 AM Zarapito Shop <hola@zarapito.example> wrote:",
    "gmail en, wrapped": "On Mon, Nov 23, 2026 at 10:11 AM Zarapito Shop <\nhola@zarapito.example> wrote:",
    "apple en": "On 23 Nov 2026, at 10:11, Zarapito Shop <hola@zarapito.example> wrote:",
    "thunderbird en": "On 11/23/26 10:11, Zarapito Shop wrote:",
    "name first en": "Zarapito Shop <hola@zarapito.example> wrote on 23.11.2026 10:11:",
    "gmail pt": "Em seg., 23 de nov. de 2026 às 10:11, Loja <hola@zarapito.example> escreveu:",
    "gmail fr": "Le lun. 23 nov. 2026 à 10:11, Boutique <hola@zarapito.example> a écrit :",
    "gmail de": "Am Mo., 23. Nov. 2026 um 10:11 Uhr schrieb Laden <hola@zarapito.example>:",
    "gmail it": "Il giorno lun 23 nov 2026 alle ore 10:11 Negozio <hola@zarapito.example> ha scritto:",
}

HEADS = {
    "outlook es": "De: Zarapito <hola@zarapito.example>\nEnviado el: lunes, 23 de noviembre de 2026 10:11\n"
    "Para: ana@correo.example\nAsunto: Tu pedido",
    "outlook en": "From: Zarapito <hola@zarapito.example>\nSent: Monday, November 23, 2026 10:11\n"
    "To: ana@correo.example\nSubject: Your order",
    "outlook in bold": "*De:* Zarapito\n*Fecha:* lunes, 23 de noviembre de 2026\n*Asunto:* Tu pedido",
    "outlook with a rule": "________________________________\nDe: Zarapito\nEnviado: lunes\nPara: Ana\nAsunto: Hola",
    "outlook with empty lines": "From: Zarapito\n\nSent: Monday\n\nTo: Ana\n\nSubject: Your order",
    "old outlook es": "-----Mensaje original-----\nDe: Zarapito",
    "old outlook en": "-----Original Message-----\nFrom: Zarapito",
    "forwarded by gmail": "---------- Forwarded message ---------\nDe: Zarapito",
    "forwarded by apple": "Inicio del mensaje reenviado:\n\nDe: Zarapito",
}

SIGNATURES = {
    "dashes": "-- \nAna\nCalle Mayor 3",
    "dashes without a space": "--\nAna",
    "iphone es": "Enviado desde mi iPhone",
    "iphone en": "Sent from my iPhone",
    "outlook es": "Obtener Outlook para Android",
    "outlook en": "Get Outlook for iOS",
    "yahoo": "Enviado desde Yahoo Mail con Android",
    "windows": "Enviado desde Correo para Windows",
    "small print es": "AVISO LEGAL: Este mensaje va dirigido a su destinatario.\nSi no lo es, bórrelo.",
    "small print in a sentence es": "Este correo electrónico y sus anexos son confidenciales.",
    "data protection": "En cumplimiento de la normativa de protección de datos le informamos de que...",
    "small print en": "CONFIDENTIALITY NOTICE: This e-mail is intended for its addressee.",
    "small print in a sentence en": "This message and any attachments are confidential and may be privileged.",
    "trees": "Antes de imprimir este correo piense en el medio ambiente",
    "everything": "Sent from my Galaxy\n\n-- \nAna\n\nAviso legal: confidencial",
}


@pytest.mark.parametrize("name", INTRODUCTIONS)
def test_a_marked_quote_is_left_out(name: str) -> None:
    for said in (SAID, SPOKEN):
        assert own_words(f"{said}\n\n{INTRODUCTIONS[name]}\n{QUOTED}") == said


@pytest.mark.parametrize("name", INTRODUCTIONS)
def test_a_quote_without_marks_is_left_out(name: str) -> None:
    unmarked = QUOTED.replace(">", "").replace("\n ", "\n")
    assert own_words(f"{SAID}\n\n{INTRODUCTIONS[name]}\n\n{unmarked}") == SAID


@pytest.mark.parametrize("name", INTRODUCTIONS)
def test_an_answer_below_or_between_what_is_quoted_stays(name: str) -> None:
    assert own_words(f"{INTRODUCTIONS[name]}\n{QUOTED}\n\n{SAID}") == SAID
    between = own_words(f"{INTRODUCTIONS[name]}\n> ¿Cuándo?\nEl martes.\n> ¿Dónde?\nEn casa.")
    assert between == "El martes.\nEn casa."


@pytest.mark.parametrize("name", HEADS)
def test_the_mail_below_a_head_is_left_out(name: str) -> None:
    assert own_words(f"{SAID}\n\n{HEADS[name]}\n\nHola, tu pedido ha salido.\nUn saludo") == SAID


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_and_small_print_are_left_out(name: str) -> None:
    for said in (SAID, SPOKEN):
        assert own_words(f"{said}\n\n{SIGNATURES[name]}") == said


def test_signature_and_quote_together_are_left_out() -> None:
    quote = f"{INTRODUCTIONS['gmail es']}\n\n{QUOTED}"

    assert own_words(f"{SAID}\n\n-- \nAna\n\n{quote}") == SAID
    assert own_words(f"{SAID}\n\nEnviado desde mi iPhone\n\n{quote}") == SAID


@pytest.mark.parametrize("closing", ["Un saludo,", "Saludos cordiales", "Muchas gracias y un saludo.", "Atentamente,"])
def test_of_a_closing_the_card_goes_and_the_closing_stays(closing: str) -> None:
    card = "Ana\nDirectora de compras\nBombillas y Lámparas S.L.\nC/ Mayor, 3, izq.\nTel. 600\nwww.correo.example"

    assert own_words(f"{SAID}\n\n{closing}\n\n{card}") == f"{SAID}\n\n{closing}"


@pytest.mark.parametrize("closing", ["Best regards,", "Thanks in advance!", "Cheers", "Yours sincerely,"])
def test_of_an_english_closing_too(closing: str) -> None:
    assert own_words(f"{SPOKEN}\n\n{closing}\nAna\n+34 600 000 000") == f"{SPOKEN}\n\n{closing}"


@pytest.mark.parametrize(
    "text",
    [
        "Gracias",
        "Gracias, pero sigue sin llegar.\nNo pienso esperar más.",
        "Gracias\nAhora, una cosa más: ¿por qué me habéis cobrado dos veces el envío?",
        "Buenos días,\n\nGracias por todo.\n\nSigo sin recibir el reembolso.",
        "El pedido no llegó.\n\nMuchas gracias\nPor cierto, la factura tampoco la tengo",
        "Hi\nThanks.\nStill not working.",
        "Buenos días:\n\nEn cumplimiento de la normativa de protección de datos,\nsolicito que borréis los míos.",
        "Hola\n\nEste correo es confidencial: quiero denunciar a un empleado.",
        "Hello\n\nPrivacy notice or not, delete my data.",
        "Hola\n\nEste mensaje es para el destinatario de siempre.\nMi pedido no llegó.",
        "¿Dónde está mi pedido?\nEnviado con SEUR el lunes 3",
        "Where is it?\nSent from Madrid on Monday",
        "Hola\n\nDe: Madrid\nA: Sevilla\nFecha: 3 de mayo\nEl paquete se perdió por el camino",
        "Hola:\nEl día 23 vuestro repartidor me escribió:\n«No hay nadie en casa»\ny yo estaba.",
        "Hola:\nEl cliente de al lado me escribió:\nque no compre aquí.",
        "On top of that nobody wrote:\nnot a word.",
        "De: la caja\nno queda nada.",
        "From: the first day on it was broken.",
        "--\nYa no sé qué hacer con vosotros",
        "Enviado desde la tienda de Madrid, llegó tarde.\nNo lo entiendo.",
        "> cito de memoria lo que me dijisteis",
        "Best\nshop in town, and the delivery was there before I had even closed the page of the order.",
        "Este mensaje es el tercero que mando.",
        "Precio: 5 > 3",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert own_words(text) == text.removeprefix("> ")


def test_a_mail_that_only_forwards_is_read_whole() -> None:
    forwarded = f"{HEADS['forwarded by gmail']}\n\nHola, tu pedido ha salido."

    assert "tu pedido ha salido" in own_words(forwarded)


@pytest.mark.parametrize(
    "text",
    [
        "On " * 20_000,
        "El " + "a " * 20_000 + "escribió",
        "> " * 20_000,
        "-" * 40_000,
        "De: \n" * 10_000,
        "On 1 wrote\n" * 5_000,
        "Gracias\n" * 5_000,
        "--\n" * 5_000,
        "este mensaje " * 4_000,
        "\n" * 40_000,
        "enviado desde " * 4_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    own_words(text)

    assert time.perf_counter() - began < 2
