"""Search the brand's articles by their words; silence is better than an article that does not fit."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from bot.domain.errors import ConfigError
from bot.domain.ports.judge import Article
from bot.domain.reading import Language
from responders.words import fold

_MADE = """
CREATE VIRTUAL TABLE articles USING fts5(
    slug UNINDEXED, language UNINDEXED, title, keywords, body, tokenize = "unicode61 remove_diacritics 2"
)
"""
# a word in the title or among the keywords says far more about an article than one in its body
_FOUND = """
SELECT slug, language, title, keywords, body FROM articles
WHERE articles MATCH ? AND language = ?
ORDER BY bm25(articles, 0, 0, 4.0, 6.0, 1.0), slug LIMIT ?
"""
_CANDIDATES = 10
_QUERY_WORDS = 24
_ENOUGH_COVERED = 0.34
_SHORT = 4

# es, then en; folded
_STOP = frozenset(
    """
    a al algo algun alguna ante antes aqui asi aun aunque bien bueno cada como con cual cuales cuando cuanto cuanta
    de del desde donde dos el ella ellos en entre era eres es esa ese eso esta estais estan estar estas este esto
    estoy fue gracias ha habeis hace hacen hacer hago han hasta hay haya he hola hoy la las le les lo los mas me mi
    mis mucho muy nada ni no nos nosotros o os otra otro para pero poco poder podeis podria podriais por porque
    puede pueden puedo pues que quien quiero quisiera saber se sea ser si sin sobre sois solo son soy su sus tal
    tambien te teneis tengo tiene tienen todo todos tu tus un una unas uno unos vais vosotros voy vuestra vuestro y
    ya yo favor dias buenas buenos tardes decir dime decidme gustaria duda dudas pregunta preguntas
    about after all also am an and any are as at be been before but by can could did do does doing don for from get
    good got had has have hello hey hi how i if in into is it its just know like ll long m many may me much my need
    no not of on one or our out please re s should so some t tell than thanks that the their them then there these
    they this to too up us ve very want was way we were what when where which who why will with would you your
    anyone someone something there is more question questions
    """.split()  # noqa: SIM905 - words read better as words
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    """The words of an article's title and keywords, folded: where a hit counts."""

    words: frozenset[str]

    def hold(self, stem: str) -> bool:
        return any(_fits(stem, word) for word in self.words)


class ArticleSearch:
    """Articles in an SQLite full-text table in memory. Safe to ask from any thread; `close` it when done."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._lock = Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(_MADE)
        rows = [(one.slug, one.language.value, one.title, one.keywords, one.body) for one in articles]
        self._db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", rows)
        self._labels = {(slug, language): _labels(title, keywords) for slug, language, title, keywords, _ in rows}

    def search(self, question: str, language: Language, limit: int = 3) -> list[Article]:
        """The articles in that language that clearly fit, best first."""
        stems = stems_of(question)
        if not stems:
            return []
        with self._lock:
            rows = self._db.execute(_FOUND, (_query(stems), language.value, _CANDIDATES)).fetchall()
        found = [_article(row) for row in rows]
        return [article for article in found if self._fits(article, stems)][:limit]

    def close(self) -> None:
        """Let the table go."""
        with self._lock:
            self._db.close()

    def _fits(self, article: Article, stems: Sequence[str]) -> bool:
        """Two words of the question label the article; or one, a good part of the question and telling."""
        labels = self._labels[article.slug, article.language.value]
        labelled = [stem for stem in stems if labels.hold(stem)]
        if len(labelled) > 1:
            return True
        return len(labelled) / len(stems) >= _ENOUGH_COVERED and not self._common(labelled[0], article.language)

    def _common(self, stem: str, language: Language) -> bool:
        held = [labels.hold(stem) for (_, spoken), labels in self._labels.items() if spoken == language.value]
        return sum(held) > max(2, len(held) / 3)


def open_knowledge(folder: Path) -> ArticleSearch:
    """Read `es/*.md` and `en/*.md`: `# Question`, a line `keywords: …`, an empty line, the answer."""
    if not folder.is_dir():
        message = f"{folder}: no such folder of articles; make it, or take `knowledge` out of [brand]"
        raise ConfigError(message)
    return ArticleSearch(
        _read(file, Language(inner.name))
        for inner in sorted(folder.iterdir())
        if inner.is_dir() and inner.name in set(Language)
        for file in sorted(inner.glob("*.md"))
    )


def stems_of(question: str) -> list[str]:
    """The words of a question that say what it is about, each once, without plural endings."""
    words = re.findall(r"[^\W_]+", fold(re.sub(r"@\w+|https?://\S+", " ", question)))
    telling = (_stem(word) for word in words if word not in _STOP and (len(word) > 1 or word.isdigit()))
    return list(dict.fromkeys(telling))[:_QUERY_WORDS]


def _stem(word: str) -> str:
    """Without its plural ending: envíos → envio, devoluciones → devolucion, deliveries → deliver, boxes → box."""
    for ending, least in (("ies", 7), ("ciones", 8), ("es", 6), ("s", 4)):
        if word.endswith(ending) and len(word) >= least:
            return f"{word[:-6]}cion" if ending == "ciones" else word[: -len(ending)]
    return word[:-1] if word.endswith("y") and len(word) > _SHORT else word


def _fits(stem: str, word: str) -> bool:
    """Long stems fit as beginnings, short ones only with a plural ending: `mes` is no `mesa`."""
    return word.startswith(stem) if len(stem) > _SHORT else word in {stem, f"{stem}s", f"{stem}es"}


def _query(stems: Sequence[str]) -> str:
    """An FTS5 expression in which every word is quoted, so that no word can be an operator."""
    parts = [f'"{stem}"*' if len(stem) > _SHORT else f'"{stem}" OR "{stem}s" OR "{stem}es"' for stem in stems]
    return " OR ".join(parts)


def _labels(title: str, keywords: str) -> _Labels:
    return _Labels(words=frozenset(re.findall(r"[^\W_]+", fold(f"{title} {keywords}"))) - _STOP)


def _article(row: tuple[str, str, str, str, str]) -> Article:
    slug, language, title, keywords, body = row
    return Article(slug=slug, language=Language(language), title=title, keywords=keywords, body=body)


def _read(file: Path, language: Language) -> Article:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: cannot be read ({error}); save it as UTF-8"
        raise ConfigError(message) from error
    well_formed = len(lines) > 2 and lines[0].startswith("# ") and lines[1].casefold().startswith("keywords:")
    body = "\n".join(lines[2:]).strip()
    if not well_formed or not body:
        message = (
            f"{file}: is no article; line 1 is `# Question`, line 2 `keywords: …`, then an empty line and the answer"
        )
        raise ConfigError(message)
    keywords = lines[1].partition(":")[2].strip()
    return Article(slug=file.stem, language=language, title=lines[0][2:].strip(), keywords=keywords, body=body)
