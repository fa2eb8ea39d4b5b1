"""HTML becomes the words that a person would read."""

from __future__ import annotations

import time

import pytest

from listeners.markup import pictures, words


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>una</p><p>dos<br>tres<br />cuatro</p>", "una\n\ndos\ntres\ncuatro"),
        ("<p>a &lt; b &amp;&amp; c&nbsp;d &#128075;</p>", "a < b && c d 👋"),
        ("<ul><li>pan</li><li>sal</li></ul>", "- pan\n- sal"),
        ("<p>a\n   b\tc</p>", "a b c"),
        ("<table><tr><th>Pedido</th><td>123</td></tr><tr><td>Estado<td>roto</table>", "Pedido 123\n\nEstado roto"),
        ("<section>una</section><section>dos</section><center>tres</center>", "una\n\ndos\n\ntres"),
        ("<dl><dt>Talla<dd>44</dl>", "Talla\n\n44"),
        ("<pre>uno\r\n\r\n&gt; dos\n   tres</pre><p>cuatro\ncinco</p>", "uno\n\n> dos\ntres\n\ncuatro cinco"),
        ("a</pre> b\nc<pre>d\ne", "a b c\n\nd\ne"),
        ("<p>a &nbsp; b<i> c</i>&amp;d</p>", "a b c&d"),
        ("te quiero <3 <!-- y no acaba", "te quiero <3"),
        ("<meta charset=iso-8859-1><?xml version='1.0' encoding='utf-16'?><p>ñandú", "ñandú"),
        ("<p>a\0b\ud800c</p>", "ab?c"),
        ('<p>dos <img src="https://example.invalid/x.png">cosas</p>', "dos cosas"),
        ("<p>antes<script>malo()</script><style>p{}</style> después</p>", "antes después"),
        ("sin cerrar <p>nada <b>de nada", "sin cerrar\n\nnada de nada"),
        ("<p>1 < 2 y 3 > 2 <", "1 < 2 y 3 > 2 <"),
        ("<html><head><title>t</title><meta x><style>p{}</style><body><p>hola</p></body></html>", "hola"),
        ("<head><title>t</title><p>hola</p>", "hola"),
        ("<head><title>t</title>\n hola", "hola"),
        ("<head><noscript><style>p{}</style></noscript></head><p>hola</p>", "hola"),
        ("", ""),
    ],
)
def test_what_is_read(html: str, said: str) -> None:
    assert words(html) == said


def test_a_link_is_read_as_it_is_written_even_where_parts_of_it_are_not_shown() -> None:
    link = (
        '<a href="https://other.invalid"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">zarapito.example/a</span><span class="invisible">/b</span></a>'
    )

    assert words(f"<p>mira {link}</p>") == "mira https://www.zarapito.example/a/b"


def test_what_repeats_something_else_can_be_left_out() -> None:
    html = '<p class="quote-inline">RE: <a href="x">x</a><br></p><p>mal <b>servicio</b></p>'

    assert words(html, without=frozenset({"quote-inline"})) == "mal servicio"


@pytest.mark.parametrize("how", ['style="color:red; DISPLAY : none"', "style='display:none!important'", "hidden"])
def test_what_is_not_shown_is_not_read(how: str) -> None:
    assert words(f"<div {how}>todo al 50 %<br>más</div><p style='display:block'>hola</p>") == "hola"


@pytest.mark.parametrize(
    "old",
    ["<p>viejo<p>más viejo", "<div><ul><li>viejo<li>más viejo</div>", "<p>viejo</p></p><p>más viejo</p>"],
)
def test_what_is_left_out_ends_where_it_is_closed_whatever_is_open_inside(old: str) -> None:
    html = f'<div class="gmail_quote">{old}</div><p>debajo</p>'

    assert words(html, without=frozenset({"gmail_quote"})) == "debajo"


@pytest.mark.parametrize(
    "piece",
    [
        "<!-- ",
        "<a b='",
        "<![CDATA[",
        "<!a ",
        "<?",
        "</",
        "<title>",
        "<div><b>",
        "<table><tr><td>",
        "<b></i>",
        "&#",
        "<img ",
    ],
)
def test_nothing_that_is_begun_over_and_over_takes_long(piece: str) -> None:
    began = time.process_time()
    words(piece * (1_000_000 // len(piece)))
    pictures(piece * (1_000_000 // len(piece)))

    assert time.process_time() - began < 5


def test_pictures_are_told_by_their_descriptions() -> None:
    html = "<p><img src=x alt='la  caja'><img alt><IMG ALT=\"una > dos\"><img data-alt=tres src='x'>"

    assert pictures(html) == ["la  caja", "una > dos"]


def test_a_megabyte_of_tags_is_read() -> None:
    assert words("<div><b>" * 150_000 + "fin") == "fin"
    assert words("<template>" + "<b>" * 100_000 + "</i>" * 100_000 + "</b>" * 90_000 + "</template>fin") == "fin"
