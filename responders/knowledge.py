"""Search the brand's articles by their words; silence is better than an article that does not fit."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from bot.domain.errors import ConfigError
from bot.domain.ports.judge import Article
from bot.domain.reading import Language
from responders.words import bare, fold

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
_SUFFIXES = frozenset({".md", ".markdown"})
_CANDIDATES = 10
_QUERY_WORDS = 24
_A_THIRD = 0.34
_A_FIFTH = 1 / 5
_SHORT = 4

_ARTICLES = frozenset("el la los las un una unos unas mi mis the a an my our".split())  # noqa: SIM905
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
    """An article's title and keywords, folded: where a hit counts.

    The words of the title and keywords of one word count each for itself; those of a longer keyword only together.
    A name says where or which, and not what is asked.
    """

    title: frozenset[str]
    alone: frozenset[str]
    together: tuple[frozenset[str], ...]
    phrases: tuple[str, ...]
    names: frozenset[str]

    def hits(self, asked: _Asked) -> _Hits:
        stems = asked.stems
        title = {stem for stem in stems if _holds(self.title, stem)}
        words = title | {stem for stem in stems if _holds(self.alone, stem)}
        for telling in self.together:
            found = {stem for stem in stems if _holds(telling, stem)}
            words |= found if len(found) >= len(telling) else set()
        as_written = [phrase for phrase in self.phrases if f" {phrase} " in f" {asked.words} "]
        words |= {stem for phrase in as_written for stem in stems_of(phrase)} & set(stems)
        named = {stem for stem in stems if _holds(self.names, stem)}
        return _Hits(
            words=frozenset(words - named),
            names=frozenset(named),
            title=bool(title - named),
            as_written=bool(as_written),
        )

    def owns(self, stem: str) -> bool:
        """Whether this word by itself labels the article."""
        return _holds(self.title | self.alone, stem)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question's telling words, and its words in their order, without articles."""

    stems: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hits:
    """The words of a question that label an article, those that are names, whether the title holds one, and whether
    a keyword like `where is my order` stands in the question as it is.
    """

    words: frozenset[str]
    names: frozenset[str]
    title: bool
    as_written: bool


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
        asked = _Asked(stems=tuple(stems_of(question)), words=_without_articles(question))
        if not asked.stems:
            return []
        with self._lock:
            rows = self._db.execute(_FOUND, (_query(asked.stems), language.value, _CANDIDATES)).fetchall()
        found = [(article, self._hits(article, asked)) for article in map(_article, rows)]
        fitting = [(article, hits) for article, hits in found if self._fits(article, hits, asked)]
        return [article for article, _ in sorted(fitting, key=lambda each: not each[1].as_written)][:limit]

    def count(self) -> Counter[Language]:
        """How many articles there are in each language."""
        return Counter(Language(spoken) for _, spoken in self._labels)

    def close(self) -> None:
        """Let the table go."""
        with self._lock:
            self._db.close()

    def _hits(self, article: Article, asked: _Asked) -> _Hits:
        return self._labels[article.slug, article.language.value].hits(asked)

    def _fits(self, article: Article, hits: _Hits, asked: _Asked) -> bool:
        """Enough of the question labels the article: three words; two that are no trifle in it; one beside a name, if
        the title holds it; or one that labels no other article and is a good part of the question.
        """
        covered = (len(hits.words) + len(hits.names)) / len(asked.stems)
        match len(hits.words):
            case 0:
                return False
            case 1:
                beside_a_name = hits.title and bool(hits.names)
                telling = hits.as_written or self._owned_alone(article, *hits.words)
                return beside_a_name or (telling and covered >= _A_THIRD)
            case 2:
                return covered >= _A_FIFTH
            case _:
                return True

    def _owned_alone(self, article: Article, stem: str) -> bool:
        language = article.language.value
        owners = [slug for (slug, spoken), labels in self._labels.items() if spoken == language and labels.owns(stem)]
        return owners == [article.slug]


def open_knowledge(folder: Path) -> ArticleSearch:
    """Read `<language>/*.md`: `# Question`, a line `keywords: …`, an empty line, the answer.

    Raises ConfigError for a file that is no article, for one that lies elsewhere, and where there is none.
    """
    if not folder.is_dir():
        message = f"{folder}: no such folder of articles; make it, or take `knowledge` out of [brand]"
        raise ConfigError(message)
    articles = [_read(file, _language_of(file, folder)) for file in _files(folder)]
    if not articles:
        message = f"{folder}: holds no article; write one like es/returns.md, or take `knowledge` out of [brand]"
        raise ConfigError(message)
    return ArticleSearch(articles)


def _files(folder: Path) -> list[Path]:
    """What looks like an article, but for what editors and other programs hide."""
    found = (file for file in folder.rglob("*") if file.suffix.casefold() in _SUFFIXES and file.is_file())
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts))


def _language_of(file: Path, folder: Path) -> Language:
    *folders, _ = file.relative_to(folder).parts
    if file.suffix.casefold() == ".md" and len(folders) == 1 and folders[0] in set(Language):
        return Language(folders[0])
    near = Language.of_tag(folders[0]) or Language.of_tag(folders[0][:2]) if folders else None
    hint = f"did you mean {near}/{file.stem}.md?" if near else "move it to es, en, pt or ca, or out of here"
    message = f"{file}: an article lies in the folder of its language; {hint}"
    raise ConfigError(message)


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
    phrases = [_without_articles(phrase) for phrase in keywords.split(",")]
    telling = [(phrase, frozenset(phrase.split()) - _STOP) for phrase in phrases]
    alone = frozenset(word for phrase, words in telling if len(phrase.split()) == 1 for word in words)
    return _Labels(
        title=frozenset(bare(title).split()) - _STOP,
        alone=alone,
        together=tuple(words for _, words in telling if len(words) > 1),
        phrases=tuple(phrase for phrase, words in telling if len(words) == 1 and len(phrase.split()) > 1),
        names=_names(title.split()[1:]) | _names(keywords.replace(",", " ").split()),
    )


def _without_articles(text: str) -> str:
    """The words in their order: `sin el tique` says what the keyword `sin tique` says."""
    return " ".join(word for word in bare(text).split() if word not in _ARTICLES)


def _names(words: Sequence[str]) -> frozenset[str]:
    """Those with a capital, as `Madrid`, where most words have none; `CIF` is none."""
    capital = [word for word in words if word[0].isupper() and not word.isupper()]
    return frozenset(bare(" ".join(capital)).split()) if 2 * len(capital) < len(words) else frozenset()


def _holds(words: frozenset[str], stem: str) -> bool:
    return any(_fits(stem, word) for word in words)


def _article(row: tuple[str, str, str, str, str]) -> Article:
    slug, language, title, keywords, body = row
    return Article(slug=slug, language=Language(language), title=title, keywords=keywords, body=body)


def _read(file: Path, language: Language) -> Article:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: cannot be read ({error}); save it as UTF-8"
        raise ConfigError(message) from error
    well_formed = (
        len(lines) > 2
        and lines[0].startswith("# ")
        and lines[0][2:].strip()
        and lines[1].casefold().startswith("keywords:")
    )
    body = "\n".join(lines[2:]).strip()
    if not well_formed or not body:
        message = (
            f"{file}: is no article; line 1 is `# Question`, line 2 `keywords: …`, then an empty line and the answer"
        )
        raise ConfigError(message)
    keywords = lines[1].partition(":")[2].strip()
    return Article(slug=file.stem, language=language, title=lines[0][2:].strip(), keywords=keywords, body=body)
