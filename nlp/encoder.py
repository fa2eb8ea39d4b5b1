"""Open the transformer and score texts and their clauses with every head, in one forward pass a batch.

The only file that imports torch for the service, and only inside its functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.errors import ModelUnavailable
from nlp.seal import check_sums

if TYPE_CHECKING:
    import torch

    from nlp.network import VivenciaModel

FOLDER = Path(__file__).parent / "weights"
PREFIX = "query: "  # multilingual-e5 was trained with it
MAX_TOKENS = 256
TOKENS_A_BATCH = 2_048
SINGLE_LABEL = frozenset({"sentiment", "urgency", "stage", "clause_touchpoint", "clause_sentiment"})

Range = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A prepared text, and the character ranges of its clauses."""

    text: str
    clauses: tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """How one head is read: its labels, what its logits are divided by, and from where on a label holds."""

    labels: tuple[str, ...]
    temperature: float = 1.0
    thresholds: tuple[float, ...] = ()


class Encoder:
    """A loaded model and its tokenizer; not safe for two threads at once."""

    def __init__(self, model: VivenciaModel, tokenizer: Any, revision: str) -> None:  # noqa: ANN401 - Rust object
        self._model, self._tokenizer, self.revision = model, tokenizer, revision
        self.readouts = {task: _readout(model.config, task) for task in model.config["tasks"]}

    def score(self, units: Sequence[Unit]) -> list[dict[str, list[list[float]]]]:
        """For each unit: head → rows of probabilities, one row for the text or one a clause."""
        import torch  # noqa: PLC0415

        if not units:
            return []
        with torch.inference_mode():
            columns = {
                task: [self._probabilities(task, rows) for rows in logits]
                for task, logits in self._model.logits(self.features(units)).items()
            }
        return [{task: rows[index] for task, rows in columns.items()} for index in range(len(units))]

    def features(self, units: Sequence[Unit]) -> list[torch.Tensor]:
        """For each unit a matrix of mean-pooled states: row 0 the whole text, then one row a clause.

        Texts are computed shortest first, in batches of at most `TOKENS_A_BATCH` tokens, and returned in order.
        A clause beyond `MAX_TOKENS` is a row of zeros.
        """
        import torch  # noqa: PLC0415

        encodings = self._tokenizer.encode_batch([PREFIX + unit.text for unit in units])
        pooled: list[torch.Tensor] = [torch.empty(0)] * len(units)
        with torch.inference_mode():
            for rows in _batches([len(encoding) for encoding in encodings]):
                states = self._states([encodings[row] for row in rows])
                sums = torch.nn.functional.pad(states.cumsum(1), (0, 0, 1, 0))
                for place, row in enumerate(rows):
                    pooled[row] = _means(sums[place], _token_ranges(encodings[row], units[row]))
        return pooled

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

    def _probabilities(self, task: str, logits: torch.Tensor) -> list[list[float]]:
        tempered = logits / self.readouts[task].temperature
        rows: list[list[float]] = (tempered.softmax(1) if task in SINGLE_LABEL else tempered.sigmoid()).tolist()
        return rows


def open_encoder(folder: Path = FOLDER, *, threads: int = 1) -> Encoder:
    """Load the sealed folder, offline and from safetensors alone, in bf16 where the CPU computes in it, else fp32.

    Raises ModelUnavailable with what is missing and how to mend it. Sets torch's threads for the whole process: two
    were up to 25 times slower than one beside other load.
    """
    revision = check_sums(folder)
    try:
        import torch  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        from nlp.network import open_model  # noqa: PLC0415

        torch.set_num_threads(threads)
        model = open_model(folder, _fast_type())
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except (ImportError, OSError, LookupError, ValueError, RuntimeError) as error:
        raise ModelUnavailable(f"the model in {folder} cannot be loaded: {error}; reinstall vivencia") from error
    tokenizer.enable_truncation(MAX_TOKENS)
    return Encoder(model, tokenizer, revision)


def _fast_type() -> torch.dtype:
    """bf16 where the processor multiplies in it (AMX or AVX512-BF16), as Linux tells; elsewhere fp32 is faster."""
    import torch  # noqa: PLC0415

    processor = Path("/proc/cpuinfo")
    flags = processor.read_text("utf-8") if processor.is_file() else ""
    return torch.bfloat16 if "amx_bf16" in flags or "avx512_bf16" in flags else torch.float32


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


def _token_ranges(encoding: Any, unit: Unit) -> list[Range]:  # noqa: ANN401 - Rust object
    """Half-open token ranges: all tokens for the whole text, then for each clause those that touch its characters."""
    shift = len(PREFIX)
    ranges = [(0, len(encoding))]
    placed = [(index, *offset) for index, offset in enumerate(encoding.offsets) if offset[1] > shift]
    for start, end in unit.clauses:
        touched = [index for index, a, b in placed if b > start + shift and a < end + shift]
        ranges.append((touched[0], touched[-1] + 1) if touched else (0, 0))
    return ranges


def _means(sums: torch.Tensor, ranges: Sequence[Range]) -> torch.Tensor:
    """Means over token ranges from running sums (tokens + 1, width)."""
    import torch  # noqa: PLC0415

    starts = torch.tensor([start for start, _ in ranges])
    ends = torch.tensor([end for _, end in ranges])
    return (sums[ends] - sums[starts]) / (ends - starts).clamp(min=1)[:, None]
