"""Open the transformer and score texts and their tokens with every head, in one forward pass a batch.

The only file that imports torch for the service, and only inside its functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.domain.errors import ModelUnavailable
from nlp.adjustment import Adjustment
from nlp.choice import IN_TORCH, Arithmetic, fastest, possible
from nlp.doubt import Doubt
from nlp.ngrams import NGrams, Rows, open_ngrams
from nlp.runs import Quoting
from nlp.scale import Scale
from nlp.seal import check_sums
from nlp.tones import with_tone
from nlp.touchpoints import Mix, Trust

if TYPE_CHECKING:
    import torch

    from nlp.network import VivenciaModel

_LOG = structlog.get_logger(__name__)

FOLDER = Path(__file__).parent / "weights"
PREFIX = "query: "  # multilingual-e5 was trained with it
MAX_TOKENS = 256
TOKENS_A_BATCH = 512  # more pads more: of 2,048 a fifth was padding, and 512 multiply as fast
SINGLE_LABEL = frozenset({"sentiment", "brand_sentiment", "urgency", "stage", "irony", "offensive", "emotion"})
SINGLE_LABEL |= {"token_touchpoint", "token_sentiment"}

Range = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What the heads say of one text.

    `texts[task]` holds a probability a label; `tokens[task]` a row of them for each token of the text, whose characters
    are `places`, whose numbers are `ids`, and whose states behind the last layer are `states` (tokens, hidden).
    """

    texts: Mapping[str, Sequence[float]]
    tokens: Mapping[str, Sequence[Sequence[float]]]
    places: Sequence[Range]
    ids: Sequence[int]
    states: torch.Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """How one head is read: its labels, what its logits are divided by, and from where on a label holds."""

    labels: tuple[str, ...]
    temperature: float = 1.0
    thresholds: tuple[float, ...] = ()


class Encoder:
    """A loaded model and its tokenizer; not safe for two threads at once."""

    def __init__(
        self,
        model: VivenciaModel,
        tokenizer: Any,  # noqa: ANN401 - Rust object
        *,
        revision: str,
        arithmetic: Arithmetic,
        ngrams: NGrams | None = None,
    ) -> None:
        self._model, self._tokenizer, self._ngrams = model, tokenizer, ngrams
        self.revision, self.arithmetic = revision, arithmetic
        self.readouts = {task: _readout(model.config, task) for task in model.config["tasks"]}
        self.mix = Mix(**model.config.get("mix", {}))
        self.quoting = Quoting(**model.config.get("quoting", {}))
        # before quotes were chosen by their chance, trust was in something else
        self.trust = Trust(**model.config.get("trust", {})) if "quoting" in model.config else Trust()
        self.adjustments = {
            task: Adjustment(english=tuple(given["english"]))
            for task, given in model.config.get("adjustments", {}).items()
        }
        self.doubts = {task: Doubt(**given) for task, given in model.config.get("doubts", {}).items()}
        self.scales = {
            task: [Scale(**each) for each in given] for task, given in model.config.get("scales", {}).items()
        }

    @property
    def operations_a_token(self) -> int:
        """Multiplications and additions of the layers' matrices for one token; attention's own are left out."""
        config = self._model.config
        hidden, inner, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
        return int(2 * layers * (4 * hidden * hidden + 2 * hidden * inner))

    def words(self, rows: Sequence[Sequence[int]]) -> torch.Tensor:
        """What the layers start from: the mean embedding of each row of token numbers (rows, hidden), in fp32."""
        return self._model.words(rows)

    def tokens_in(self, texts: Sequence[str]) -> int:
        """How many tokens all of them have, with prefix and marks."""
        return sum(len(encoding) for encoding in self._tokenizer.encode_batch([PREFIX + text for text in texts]))

    def score(self, texts: Sequence[str]) -> list[Scored]:
        """One forward pass a batch for every head; shortest texts first, answers in order. Texts are masked ones."""
        import torch  # noqa: PLC0415

        encodings = self._tokenizer.encode_batch([PREFIX + text for text in texts])
        found: list[Scored | None] = [None] * len(texts)
        with torch.inference_mode():
            for rows in _batches([len(encoding) for encoding in encodings]):
                batch = self._scored([encodings[row] for row in rows], [texts[row] for row in rows])
                for row, scored in zip(rows, batch, strict=True):
                    found[row] = scored
        return [scored for scored in found if scored is not None]

    def _scored(self, encodings: Sequence[Any], masked: Sequence[str]) -> list[Scored]:
        import torch  # noqa: PLC0415

        lengths = [len(encoding) for encoding in encodings]
        states = self._states(encodings)
        # padded states are zeros
        means = states.sum(1) / torch.tensor(lengths)[:, None]
        texts = with_tone(self._read_by_both(self._model.of_texts(means), masked))
        starts = [_first(encoding) for encoding in encodings]
        seen = torch.cat([states[row, start : lengths[row] - 1] for row, start in enumerate(starts)])
        tokens = {task: self._read(task, logits) for task, logits in self._model.of_tokens(seen).items()}
        scored, at = [], 0
        for row, encoding in enumerate(encodings):
            places = [(start - len(PREFIX), end - len(PREFIX)) for start, end in encoding.offsets[starts[row] : -1]]
            end = at + len(places)
            scored.append(
                Scored(
                    texts={task: column[row] for task, column in texts.items()},
                    tokens={task: column[at:end] for task, column in tokens.items()},
                    places=[(max(0, a), b) for a, b in places],
                    ids=encoding.ids[starts[row] : -1],
                    states=seen[at:end],
                )
            )
            at = end
        return scored

    def _states(self, encodings: Sequence[Any]) -> torch.Tensor:
        import torch  # noqa: PLC0415

        lengths = [len(encoding) for encoding in encodings]
        longest = max(lengths)
        ids = torch.ones(len(encodings), longest, dtype=torch.long)
        mask = torch.zeros(len(encodings), longest)
        for place, encoding in enumerate(encodings):
            ids[place, : lengths[place]] = torch.tensor(encoding.ids)
            mask[place, : lengths[place]] = 1.0
        states = self._model.states(ids, None if min(lengths) == longest else mask)
        return states * mask[:, :, None]

    def _read_by_both(self, logits: Mapping[str, torch.Tensor], masked: Sequence[str]) -> Mapping[str, Rows]:
        """Probabilities a head and text, as the network and, where there are any, the n-grams say."""
        alone = {task: self._read(task, given) for task, given in logits.items()}
        return self._ngrams.joined(alone, masked) if self._ngrams else alone

    def _read(self, task: str, logits: torch.Tensor) -> list[list[float]]:
        tempered = logits / self.readouts[task].temperature
        rows: list[list[float]] = (tempered.softmax(-1) if task in SINGLE_LABEL else tempered.sigmoid()).tolist()
        return rows


def open_encoder(folder: Path = FOLDER, *, threads: int = 1, dtype: str = "auto") -> Encoder:
    """Load the sealed folder, offline and from safetensors alone.

    `dtype` names an Arithmetic or is "auto": whichever `nlp.choice` measured to be fastest here. Without a working
    OpenVINO "int8" is torch's fastest, and the log says why.

    Raises ModelUnavailable with what is missing and how to mend it. Sets torch's threads for the whole process: two
    were up to 25 times slower than one beside other load.
    """
    revision = check_sums(folder)
    try:
        import torch  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        torch.set_num_threads(threads)
        model, arithmetic = _opened(folder, dtype, threads)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        ngrams = open_ngrams(folder, model.config, single=SINGLE_LABEL)
    except (ImportError, OSError, LookupError, ValueError, RuntimeError) as error:
        raise ModelUnavailable(f"the model in {folder} cannot be loaded: {error}; reinstall vivencia") from error
    tokenizer.enable_truncation(MAX_TOKENS)
    return Encoder(model, tokenizer, revision=revision, arithmetic=arithmetic, ngrams=ngrams)


def _opened(folder: Path, dtype: str, threads: int) -> tuple[VivenciaModel, Arithmetic]:
    from nlp.compiled import NoOpenVino  # noqa: PLC0415
    from nlp.network import open_model  # noqa: PLC0415

    try:
        arithmetic = fastest(possible()) if dtype == "auto" else Arithmetic(dtype)
        return open_model(folder, arithmetic, threads), arithmetic
    except NoOpenVino as error:
        _LOG.warning("OpenVINO does not read; torch does instead", error=str(error))
        arithmetic = fastest(IN_TORCH)
        return open_model(folder, arithmetic, threads), arithmetic


def _readout(config: Mapping[str, Any], task: str) -> Readout:
    given = config["readout"].get(task, {})
    return Readout(
        labels=tuple(config["tasks"][task]),
        temperature=given.get("temperature", 1.0),
        thresholds=tuple(given.get("thresholds", ())),
    )


def _batches(lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if rows and (len(rows) + 1) * lengths[row] > TOKENS_A_BATCH:
            yield tuple(rows)
            rows = []
        rows.append(row)
    if rows:
        yield tuple(rows)


def _first(encoding: Any) -> int:  # noqa: ANN401 - Rust object
    """The first token of the text itself, behind the start mark and the prefix."""
    return next((index for index, (_, end) in enumerate(encoding.offsets) if end > len(PREFIX)), len(encoding) - 1)
