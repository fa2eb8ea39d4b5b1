"""What cases can be found by: the words of their lines and of their customers' names, without accents and capitals."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from bot.store.rows import Row

_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40
_MOST_WORDS = 8
_AT_ONCE = 5_000

# the last character there is: every word that begins so is before it
_BEGINS_SO = "word BETWEEN ? AND ? || char(1114111)"
_CASES_SAYING = f"SELECT case_key FROM case_word WHERE {_BEGINS_SO}"  # noqa: S608
_PEOPLE_CALLED = f"SELECT customer_id FROM name_word WHERE {_BEGINS_SO}"  # noqa: S608


def words_of(text: str) -> list[str]:
    """Each word once, as it is looked for: `¡DEVOLUCIÓN, José!` is devolucion and jose."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return list(dict.fromkeys(word[:_LONGEST] for word in _WORD.findall(bare)))


def found_by_name(typed: str) -> tuple[str, list[str]]:
    """The condition on a case that its customer is called so, with its values: every word begins one of theirs."""
    words = words_of(typed)[:_MOST_WORDS]
    called = " AND ".join([f"customer_id IN ({_PEOPLE_CALLED})"] * len(words)) or "FALSE"
    return called, [value for word in words for value in (word, word)]


def found_by_words(typed: str) -> tuple[str, list[str]]:
    """The condition that every word begins one that was said in the case, or one of its customer's names."""
    words = words_of(typed)[:_MOST_WORDS]
    either = f"(key IN ({_CASES_SAYING}) OR customer_id IN ({_PEOPLE_CALLED}))"
    return " AND ".join([either] * len(words)) or "FALSE", [value for word in words for value in [word] * 4]


def keep_up(connection: sqlite3.Connection) -> None:
    """What this transaction wrote can be found, and what it took back no more."""
    rows: list[Row] = connection.execute(
        "SELECT case_id, gone, line, customer_id FROM unsearched ORDER BY seq"
    ).fetchall()
    if not rows:
        return
    connection.execute("DELETE FROM unsearched")
    gone: defaultdict[str, set[str]] = defaultdict(set)
    for case_id, text, _, _ in rows:
        if case_id is not None:
            gone[case_id].update(words_of(text))
    for case_id, words in gone.items():
        _forget_words(connection, case_id, words)
    lines = [line for _, _, line, _ in rows if line is not None]
    for start in range(0, len(lines), _AT_ONCE):
        _add_lines(connection, lines[start : start + _AT_ONCE])
    for customer_id in dict.fromkeys(customer_id for *_, customer_id in rows if customer_id is not None):
        _name_again(connection, customer_id)


def _forget_words(connection: sqlite3.Connection, case_id: str, words: set[str]) -> None:
    """Those that no line of the case says any more."""
    said = connection.execute("SELECT text FROM interaction WHERE case_id = ?", (case_id,)).fetchall()
    left = words.difference(word for (text,) in said for word in words_of(text))
    connection.executemany(
        "DELETE FROM case_word WHERE word = ? AND case_key = (SELECT key FROM case_file WHERE id = ?)",
        [(word, case_id) for word in left],
    )


def _add_lines(connection: sqlite3.Connection, lines: Sequence[int]) -> None:
    """Those that were said in a case."""
    asked = (
        "SELECT case_file.key, text FROM interaction JOIN case_file ON case_file.id = interaction.case_id "
        "WHERE interaction.seq = ?"
    )
    said: list[Row] = [row for line in lines for row in connection.execute(asked, (line,))]
    connection.executemany(
        "INSERT INTO case_word (word, case_key) VALUES (?, ?) ON CONFLICT DO NOTHING",
        # in order, because that is how they lie in the file
        sorted({(word, key) for key, text in said for word in words_of(text)}),
    )


def _name_again(connection: sqlite3.Connection, customer_id: str) -> None:
    connection.execute("DELETE FROM name_word WHERE customer_id = ?", (customer_id,))
    names = connection.execute(
        "SELECT name FROM handle WHERE customer_id = :id UNION SELECT name FROM customer WHERE id = :id",
        {"id": customer_id},
    ).fetchall()
    connection.executemany(
        "INSERT INTO name_word (word, customer_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(word, customer_id) for (name,) in names for word in words_of(name)],
    )
