"""Another model for one task, as the owner chose it: a folder or a pinned revision of a hub, with its label map."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.errors import ConfigError, ModelUnavailable
from bot.domain.reading import Intent, Sentiment, Touchpoint, Urgency
from nlp.text import LIMIT, mask

if TYPE_CHECKING:
    import torch

LABELS: Mapping[str, tuple[str, ...]] = {
    "sentiment": tuple(Sentiment),
    "intents": tuple(Intent),
    "touchpoints": tuple(Touchpoint),
    "urgency": tuple(Urgency),
}
_ONE_LABEL = frozenset({"sentiment", "urgency"})
_COMMIT = re.compile(r"[0-9a-f]{40}")
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_MOST_TOKENS = 256
_BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnModel:
    """What the owner said of one task's model.

    `labels` maps the model's labels to ours; several of its labels may mean one of ours, and one that is left out means
    none. `masked` writes handles as @user and links as http, as models of tweets were trained.
    """

    task: str
    source: str
    revision: str | None
    labels: Mapping[str, str]
    masked: bool = True


class OwnScorer:
    """An opened model: texts in, a probability for each of the task's labels out."""

    def __init__(self, given: OwnModel, model: Any, tokenizer: Any) -> None:  # noqa: ANN401 - vendor's objects
        self.task = given.task
        self.name = f"{given.source}@{(given.revision or 'folder')[:12]}"
        self._given, self._model, self._tokenizer = given, model, tokenizer
        self._matrix = _matrix(given, model.config.id2label)

    def score(self, texts: Sequence[str]) -> list[list[float]]:
        """Rows in the order of `LABELS[task]`, in the order of the texts; shortest are computed first."""
        import torch  # noqa: PLC0415

        seen = [mask(text).text if self._given.masked else text[:LIMIT] for text in texts]
        order = sorted(range(len(seen)), key=lambda index: len(seen[index]))
        found: list[list[float]] = [[]] * len(seen)
        with torch.inference_mode():
            for at in range(0, len(order), _BATCH):
                rows = order[at : at + _BATCH]
                tokens = self._tokenizer(
                    [seen[row] for row in rows],
                    return_tensors="pt",
                    padding=True,
                    truncation=True,
                    max_length=_MOST_TOKENS,
                )
                shares = self._shares(self._model(**tokens).logits.float())
                for row, share in zip(rows, shares.tolist(), strict=True):
                    found[row] = share
        return found

    def _shares(self, logits: torch.Tensor) -> torch.Tensor:
        import torch  # noqa: PLC0415

        if self.task not in _ONE_LABEL:
            # of several of its labels that mean one of ours the surest counts
            weighed = logits.sigmoid()[:, :, None] * self._matrix
            surest: torch.Tensor = weighed.amax(dim=1)
            return surest
        shares = logits.softmax(1) @ self._matrix
        return shares / torch.clamp(shares.sum(1, keepdim=True), min=1e-9)


def open_own_model(given: OwnModel, *, offline: bool, dtype: str = "auto") -> OwnScorer:
    """Open a sequence classifier from safetensors, never running code that came with it.

    ConfigError for what the owner wrote wrongly, ModelUnavailable for what is not there or cannot be opened.
    """
    _check(given)
    if offline:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        import torch  # noqa: PLC0415
        from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415

        where: dict[str, Any] = {
            "revision": given.revision or "main",
            "local_files_only": offline,
            "trust_remote_code": False,
        }
        tokenizer = AutoTokenizer.from_pretrained(given.source, **where)
        # what is chosen for the embedded model, "int8" and whatever "auto" finds, is not for others
        kind = torch.bfloat16 if dtype == "bfloat16" else torch.float32
        model = AutoModelForSequenceClassification.from_pretrained(
            given.source, use_safetensors=True, dtype=kind, **where
        )
        model.train(mode=False)
    except (ImportError, OSError, LookupError, ValueError, RuntimeError) as error:
        first = str(error).strip().splitlines()[0]
        said = f"[model.tasks.{given.task}] {given.source} cannot be opened: {first}"
        raise ModelUnavailable(f"{said}; {_hint(given, offline=offline)}") from error
    return OwnScorer(given, model, tokenizer)


def _hint(given: OwnModel, *, offline: bool) -> str:
    if Path(given.source).is_dir():
        return "it needs config.json, a tokenizer and weights as safetensors"
    return "it is not on this machine; fetch it once with offline = false" if offline else "is the name right?"


def _check(given: OwnModel) -> None:
    where = f"[model.tasks.{given.task}]"
    is_folder = Path(given.source).is_dir()
    if not is_folder and not _HUB_ID.fullmatch(given.source):
        raise ConfigError(f"{where} source = {given.source!r} is neither a folder nor a hub id like owner/name")
    if not is_folder and not _COMMIT.fullmatch(given.revision or ""):
        message = f"{where} revision: a hub id needs its commit, 40 hex digits, so that nobody changes the model unseen"
        raise ConfigError(message)
    strange = [ours for ours in given.labels.values() if ours not in LABELS[given.task]]
    if strange:
        known = ", ".join(LABELS[given.task])
        raise ConfigError(f"{where} labels: {strange[0]!r} is no label of {given.task}; known: {known}")
    needed = LABELS[given.task] if given.task in _ONE_LABEL else ()
    if missing := set(needed) - set(given.labels.values()):
        raise ConfigError(f"{where} labels: nothing is mapped to {', '.join(sorted(missing))}")


def _matrix(given: OwnModel, id2label: Mapping[int, str]) -> torch.Tensor:
    """(its labels, ours) of 0 and 1."""
    import torch  # noqa: PLC0415

    its = [id2label[index] for index in range(len(id2label))]
    unknown = [label for label in given.labels if label not in its]
    if unknown:
        message = f"[model.tasks.{given.task}] labels: the model has no label {unknown[0]!r}; it has {', '.join(its)}"
        raise ConfigError(message)
    ours = LABELS[given.task]
    return torch.tensor([[float(given.labels.get(label) == our) for our in ours] for label in its])
