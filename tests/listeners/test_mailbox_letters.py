"""How a raw mail is read: who, when, in which thread, in which words, and whether a person wrote it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listeners.mailbox_letters import Letter, Person, read

ARRIVED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANA = "Ana <ana@correo.example>"


def mail(body: str = "hola", *headers: str, author: str | None = ANA) -> Letter:
    head = [*([f"From: {author}"] if author is not None else []), *headers]
    return read("\r\n".join([*head, "", body]).encode("utf-8", "surrogateescape"), ARRIVED)


def parts(*inner: str, kind: str = "mixed") -> tuple[str, str]:
    """A body of several parts, and the header that says so."""
    body = "".join(f"--x\r\n{one}\r\n" for one in inner) + "--x--\r\n"
    return body, f'Content-Type: multipart/{kind}; boundary="x"'


# --- who and when ---


@pytest.mark.parametrize(
    ("header", "person"),
    [
        ("Ana <Ana@Correo.example>", Person(address="ana@correo.example", name="Ana")),
        ("ana@correo.example", Person(address="ana@correo.example")),
        ('"Pérez, Ana" <ana@correo.example>', Person(address="ana@correo.example", name="Pérez, Ana")),
        ("=?utf-8?q?Ana_Mu=C3=B1oz?= <ana@correo.example>", Person(address="ana@correo.example", name="Ana Muñoz")),
        ("=?utf-8?q?Ana=0D=0ABcc=3A_x?= <ana@correo.example>", Person(address="ana@correo.example", name="Ana Bcc: x")),
        ("=?klingon?q?Ana?= <ana@correo.example>", Person(address="ana@correo.example", name="=?klingon?q?Ana?=")),
        ("'ana@correo.example' <ana@correo.example>", Person(address="ana@correo.example")),
        ("luz@otro.example <ana@correo.example>", Person(address="ana@correo.example", name="luz@otro.example")),
        ("Ana @ Casa <ana@correo.example>", Person(address="ana@correo.example", name="Ana @ Casa")),
        ("=?utf-8?q?P=C3=A9rez,_Ana?= <ana@correo.example>", Person(address="ana@correo.example", name="Pérez, Ana")),
        ('"Ana \\"<x@y.z>\\"" <ana@correo.example>', Person(address="ana@correo.example", name='Ana "<x@y.z>"')),
        ("ana@correo.example, Luz <luz@correo.example>", Person(address="ana@correo.example")),
        ("nobody, ana@correo.example", Person(address="ana@correo.example")),
        ("Undisclosed:;", None),
        ("ana", None),
        ("<ana@correo.example, luz@correo.example>", Person(address="ana@correo.example")),
        ("", None),
        ("a" * 100 + "@correo.example", None),
    ],
)
def test_the_author_is_the_first_address_that_is_one(header: str, person: Person | None) -> None:
    found = mail(author=header).author

    assert found == person or (person is None and found is None)


def test_a_mail_without_an_author_is_a_mail() -> None:
    assert mail(author=None).author is None


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Tue, 24 Nov 2026 09:58:00 +0100", ARRIVED - timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 08:58:00 -0000", ARRIVED - timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 10:05:00 +0100", ARRIVED),
        ("Tue, 24 Nov 2099 10:05:00 +0100", ARRIVED),
        ("Thu, 1 Jan 1970 00:00:00 +0000", ARRIVED),
        ("mañana", ARRIVED),
        ("Tue, 99 Nov 2026 99:58:00 +9999", ARRIVED),
    ],
)
def test_the_date_is_believed_as_far_as_it_fits(date: str, at: datetime) -> None:
    assert mail("hola", f"Date: {date}").at == at


def test_a_language_is_a_hint() -> None:
    assert mail("hola", "Content-Language: es-ES, en").language == "es"
    assert mail("hola", "Content-Language: spanish").language is None


# --- which thread ---


def test_a_mail_is_known_by_its_id_or_by_what_it_says() -> None:
    assert mail("hola", "Message-ID: <1@correo.example>").id == "1@correo.example"
    assert mail("hola", "Message-ID: 1@correo.example").id == "1@correo.example"
    unnamed = mail("hola").id
    assert unnamed.startswith("sha256:")
    assert unnamed == mail("hola").id != mail("adiós").id
    for bad in ("<a b@c>", "<" + "a" * 300 + "@c>", "<ñ@c>", "<>"):
        assert mail("hola", f"Message-ID: {bad}").id.startswith("sha256:")


def test_a_thread_is_called_after_its_first_mail() -> None:
    answer = mail("sí", "References: <1@a.example>\r\n <2@b.example>", "In-Reply-To: <2@b.example>")

    assert (answer.thread, answer.in_reply_to) == ("1@a.example", "2@b.example")
    assert mail("sí", "In-Reply-To: <2@b.example>").thread == "2@b.example"
    assert mail("sí", "References: <1@a.example> <2@b.example>").in_reply_to == "2@b.example"
    assert mail("sí").thread is None


# --- which words ---


def test_the_subject_stands_above_a_first_mail_and_not_above_an_answer() -> None:
    assert mail("Sigue sin llegar", "Subject: Pedido =?utf-8?q?n=C2=BA_7?=").text == "Pedido nº 7\n\nSigue sin llegar"
    assert mail("Sigue sin llegar", "Subject: Re: Pedido nº 7").text == "Sigue sin llegar"
    assert mail("Sigue", "Subject: Pedido", "In-Reply-To: <1@a.example>").text == "Sigue"


def test_a_subject_that_cannot_be_decoded_stands_as_it_is() -> None:
    assert mail("hola", "Subject: =?utf-8?b?aG9sY?=").subject == "=?utf-8?b?aG9sY?="


def test_letters_that_should_not_be_in_a_header_are_read() -> None:
    assert mail("hola", "Subject: ¿Dónde está?").subject == "¿Dónde está?"


def test_quotes_and_signatures_are_not_what_was_written() -> None:
    quoted = "Sigue roto.\r\n\r\nEl lun, 23 nov 2026 a las 10:11, Tienda escribió:\r\n> Hola\r\n"

    assert mail(quoted, "Subject: Re: Pedido").text == "Sigue roto."


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("iso-8859-1", "l=E1mpara"),
        ("windows-1252", "l=E1mpara"),
        ("utf-8", "l=C3=A1mpara"),
        ("klingon", "l=C3=A1mpara"),
        ("klingon", "l=E1mpara"),
        ("us-ascii", "l=C3=A1mpara"),
        ("us-ascii", "l=E1mpara"),
    ],
)
def test_every_charset_is_read(charset: str, encoded: str) -> None:
    kind = f"Content-Type: text/plain; charset={charset}"

    assert mail(encoded, kind, "Content-Transfer-Encoding: quoted-printable").text == "lámpara"


def test_letters_of_windows_are_read_under_whatever_name_they_come() -> None:
    said = "Pagué 30 € por la “avería”"
    raw = said.encode("windows-1252").decode("utf-8", "surrogateescape")

    for kind in ("text/plain; charset=iso-8859-1", "text/plain; charset=us-ascii", "text/plain"):
        assert mail(raw, f"Content-Type: {kind}").text == said
    assert mail("hola", f"Subject: {raw}").subject == said
    assert mail("hola", "Subject: =?iso-8859-1?q?30_=80?=").subject == "30 €"


def test_a_text_of_megabytes_may_end_within_a_letter() -> None:
    assert mail("x" + "á" * 500_000, "Content-Type: text/plain").text.startswith("xáá")


def test_of_plain_and_marked_up_the_plain_is_read() -> None:
    body, kind = parts(
        "Content-Type: text/plain\r\n\r\nen limpio",
        "Content-Type: text/html\r\n\r\n<p>con <b>marcas</b></p>",
        kind="alternative",
    )

    assert mail(body, kind).text == "en limpio"


def test_a_mail_in_html_alone_is_read_as_a_person_would() -> None:
    html = (
        "<html><style>p{color:red}</style><body><p>Lleg&oacute; <b>roto</b>.</p><p>&iquest;Qu&eacute; hago?</p>"
        '<div class="gmail_signature">Ana</div><div class="gmail_quote gmail_quote_container">'
        "<div>El lun, 23 nov 2026, Tienda escribi&oacute;:</div><blockquote>Hola</blockquote></div></body></html>"
    )

    assert mail(html, "Content-Type: text/html; charset=utf-8").text == "Llegó roto.\n\n¿Qué hago?"


def test_html_without_the_end_of_its_head_is_read() -> None:
    html = "<html><head><meta charset=utf-8><title>Aviso</title><body><p>Sigue roto.</body></html>"

    assert mail(html, "Content-Type: text/html; charset=utf-8").text == "Sigue roto."


def test_outlooks_html_ends_where_the_old_mail_begins() -> None:
    html = (
        "<p>Sigue roto.</p><div id='divRplyFwdMsg'><b>De:</b> Tienda &lt;hola@zarapito.example&gt;<br>"
        "<b>Enviado:</b> lunes<br><b>Para:</b> Ana<br><b>Asunto:</b> Pedido</div><p>Hola, Ana</p>"
    )

    assert mail(html, "Content-Type: text/html").text == "Sigue roto."


def test_what_is_attached_is_told_and_not_opened() -> None:
    body, kind = parts(
        "Content-Type: text/plain\r\n\r\nMira las fotos",
        'Content-Type: image/jpeg; name="caja rota.jpg"\r\nContent-Disposition: attachment\r\n\r\nAAAA',
        "Content-Type: a/pdf\r\nContent-Disposition: attachment; filename*=utf-8''n%C2%BA%207.pdf\r\n\r\nAAAA",
        'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="notas.txt"\r\n\r\nno se lee',
        "Content-Type: image/png\r\nContent-ID: <1>\r\n\r\nAAAA",
        "Content-Type: message/rfc822\r\n\r\nSubject: otro\r\n\r\ntampoco se lee",
        'Content-Type: application/x; name="a] [b.exe"\r\n\r\nAAAA',
    )

    assert mail(body, kind).text.split("\n") == [
        "Mira las fotos",
        "[image: caja rota.jpg]",
        "[attachment: nº 7.pdf]",
        "[attachment: notas.txt]",
        "[image: image/png]",
        "[attachment: message/rfc822]",
        "[attachment: a) (b.exe]",
    ]


def test_of_many_attachments_some_are_named() -> None:
    body, kind = parts(*(f'Content-Type: image/png; name="{number}.png"\r\n\r\nA' for number in range(30)))

    assert mail(body, kind).text.endswith("[image: 19.png]\n[10 more attachments]")


def test_a_mail_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    body, kind = parts("Content-Type: text/plain\r\n\r\nhola", 'Content-Type: image/png; name="a.png"\r\n\r\nAAAA')

    assert mail(body[:-12], kind).text == "hola\n[image: a.png]"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: ana@correo.example",
        b": \r\n\r\n",
        b"From: ana@correo.example\r\nContent-Type: multipart/mixed\r\n\r\nhola",
        b'From: ana@correo.example\r\nContent-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nhola',
        b"Content-Type: text/plain; charset=\xff\r\nContent-Transfer-Encoding: base64\r\n\r\n====\xff",
        b"Content-Type: a/b/c; name*0*=x''%ff; name*2=y\r\nContent-Disposition: attachment; filename*=\r\n\r\nx",
        b"From: " + b"(" * 5_000 + b"\r\n\r\nhola",
        b"From: " + b"<" * 100_000 + b"\r\n\r\nhola",
        b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\r\n\r\nhola",
        b"References: " + b"<a@b>" * 100_000 + b"\r\n\r\nhola",
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3_000)),
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\na\r\n" * 50_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 150_000,
        b"Content-Type: text/html\r\n\r\n" + b"<" * 500_000,
        b"From: ana@correo.example\r\n\r\n" + b"> " * 400_000,
    ],
    ids=range(17),
)
def test_no_mail_breaks_the_reader_or_takes_long(raw: bytes) -> None:
    began = time.perf_counter()
    letter = read(raw, ARRIVED)

    assert letter.id
    assert time.perf_counter() - began < 5


DAMAGES = st.tuples(st.integers(0, 10_000), st.integers(0, 8), st.binary(max_size=6))


@given(st.lists(DAMAGES, min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_mail_is_read_whatever_happened_to_it_on_its_way(damages: list[tuple[int, int, bytes]]) -> None:
    body, kind = parts(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\naG9sYQ==",
        "Content-Type: text/html\r\nContent-Disposition: attachment; filename*0*=utf-8''a%20; filename*1=b\r\n\r\n<p>x",
    )
    head = "From: =?utf-8?q?Ana?= <ana@correo.example>\r\nSubject: =?utf-8?b?aG9sYQ==?=\r\nReferences: <1@a> <2@b>\r\n"
    raw = f"{head}Date: Tue, 24 Nov 2026 09:58:00 +0100\r\n{kind}\r\n\r\n{body}".encode()
    for at, gone, come in damages:
        raw = raw[: at % len(raw)] + come + raw[at % len(raw) + gone :] or b"x"
    letter = read(raw, ARRIVED)

    assert "\n" not in letter.id + letter.subject + (letter.author.name if letter.author else "")
    letter.text.encode("utf-8")


# --- whether a person wrote it ---

MACHINES = {
    "auto-submitted": ["Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; owner-email=x"],
    "null sender": ["Return-Path: <>"],
    "report": ["Content-Type: multipart/report; report-type=delivery-status; boundary=x"],
    "precedence": ["Precedence: bulk", "Precedence: LIST", "Precedence: auto_reply", "Precedence: junk"],
    "responses suppressed": ["X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress: DR, OOF, AutoReply"],
    "mailing list": [
        "List-Id: <ofertas.example>",
        "List-Unsubscribe: <mailto:x@y>",
        "Mailing-List: list x",
        "Feedback-ID: 7:oferta:sender",
    ],
    "responder": ["X-Autoreply: yes", "X-Autorespond: 1", "X-Loop: ana@correo.example"],
}


@pytest.mark.parametrize(("sign", "header"), [(sign, one) for sign, all_ in MACHINES.items() for one in all_])
def test_a_machine_is_known_by_its_headers(sign: str, header: str) -> None:
    assert mail("Estoy fuera", header).machine == sign


@pytest.mark.parametrize(
    ("header", "sign"),
    [
        ("List-Id: Ayuda <ayuda.zarapito.example>", None),
        ("Mailing-List: list ayuda@zarapito.example; contact ayuda+owners@zarapito.example", None),
        ("List-Post: <mailto:ayuda@zarapito.example>", None),
        ("List-Post: <mailto:otra@zarapito.example>", "mailing list"),
        ("List-Id: <no-ayuda.zarapito.example>", "mailing list"),
        ("List-Id: <ayuda.zarapito.example>\r\nPrecedence: list", None),
        ("List-Id: <ayuda.zarapito.example>\r\nPrecedence: bulk", "precedence"),
        ("List-Id: <ayuda.zarapito.example>\r\nAuto-Submitted: auto-replied", "auto-submitted"),
        ("List-Id: <ayuda.zarapito.example>\r\nList-Unsubscribe: <https://oferta.example/7>", "mailing list"),
        ("List-Id: <ayuda.zarapito.example>\r\nFeedback-ID: 7:oferta:sender", "mailing list"),
    ],
)
def test_a_list_of_ours_is_no_machine(header: str, sign: str | None) -> None:
    raw = f"From: {ANA}\r\n{header}\r\n\r\nhola".encode()

    assert read(raw, ARRIVED, frozenset({"ayuda@zarapito.example"})).machine == sign


@pytest.mark.parametrize(
    "who",
    ["MAILER-DAEMON", "postmaster", "no-reply", "noreply+7", "bounces-1", "owner-lista", "do_not_reply", "noresponder"],
)
def test_an_address_of_nobody_is_a_machines(who: str) -> None:
    assert mail("hola", author=f"{who}@a.example").machine == "nobody's address"


@pytest.mark.parametrize(
    "headers",
    [
        ["Auto-Submitted: no"],
        ["Precedence: normal"],
        ["X-Auto-Response-Suppress: None"],
        ["X-Auto-Response-Suppress: DR, RN, NRN"],
        ["Return-Path: <ana@correo.example>"],
        ["X-Autoreply: no"],
        ["X-Priority: 1", "X-Mailer: x"],
        ["Feedback-ID: ::1.eu-west-1.Qp8=:AmazonSES", "X-SES-Outgoing: 2026.11.24-54.240.3.1"],
    ],
)
def test_a_person_is_not_taken_for_a_machine(headers: list[str]) -> None:
    assert mail("hola", *headers).machine is None


@pytest.mark.parametrize("author", ["Noemi <noemi@correo.example>", "notre@correo.example", "nora.plym@correo.example"])
def test_nor_is_one_with_such_a_name(author: str) -> None:
    assert mail("hola", author=author).machine is None


def test_who_writes_through_a_noreply_address_is_who_is_answered() -> None:
    form = mail("hola", f"Reply-To: {ANA}", author="Formulario <noreply@formularios.example>")

    assert form.machine is None
    assert form.sender == Person(address="ana@correo.example", name="Ana")


def test_an_answer_goes_to_the_sender_whatever_address_stands_beside() -> None:
    assert mail("hola", "Reply-To: otro@correo.example").sender == Person(address="ana@correo.example", name="Ana")


def test_a_header_without_an_end_is_read_in_no_time() -> None:
    """The library's parser of parameters takes the square of its length."""
    began = time.process_time()

    letter = mail("llegó rota", 'Content-Type: text/plain; a="' + '\\";' * 300_000)

    assert "llegó rota" in letter.text
    assert time.process_time() - began < 5
