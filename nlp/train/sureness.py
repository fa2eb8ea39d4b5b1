"""python -m nlp.train.sureness DATA [FOLDER]: learn how sure the readings of a weights folder may be.

Of texts that trained nothing: the conversations and the real posts, and for the tone of any text also, of the public
sets in DATA, what tunes. What holds does not change, but for the tone of English texts that are no mentions: it is read
as if all tones were met equally often.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from bot.domain.reading import Language
from nlp.adjustment import Adjustment
from nlp.doubt import Doubt, talk_in
from nlp.encoder import FOLDER, Encoder, Scored, open_encoder
from nlp.scale import Scale
from nlp.seal import configure
from nlp.tones import OF_BRAND, OF_TEXT
from nlp.train.adjustment import adjusted, adjustment_of
from nlp.train.annotated import annotated_examples
from nlp.train.batches import MISSING
from nlp.train.corpus import MEASURED, UNSEEN, Example, seed_examples
from nlp.train.doubt import Kind, doubt_of
from nlp.train.least import least
from nlp.train.tasks import TASKS
from nlp.train.unlearnt import tuning_examples

_PENALTY = 2e-3
_FEWEST = 10  # of either answer, over all kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Of one label and one kind of text: the head's log-odds and 0 or 1, where that is known."""

    odds: Tensor
    holds: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """The doubts of heads of one label, what evens the tone of a text, and the scales of the intents in their order."""

    adjustments: Mapping[str, Adjustment]
    doubts: Mapping[str, Doubt]
    intents: Sequence[Scale]


def sureness_of(encoder: Encoder, data: Path) -> Sureness:
    """What the texts that trained nothing teach of an encoder that has neither doubts nor scales yet."""
    conversations = _Read.of(encoder, seed_examples(UNSEEN))
    posts = _Read.of(encoder, annotated_examples(data, MEASURED))
    tweets = _Read.of(encoder, tuning_examples(data))
    mentions = conversations.and_(posts)
    evening = adjustment_of(tweets.kind(OF_TEXT)) if tweets.examples else Adjustment()
    tones = [mentions.kind(OF_TEXT, truth=OF_BRAND), *tweets.kinds(OF_TEXT)]
    return Sureness(
        adjustments={OF_TEXT: evening},
        doubts={
            OF_TEXT: doubt_of([adjusted(kind, evening) for kind in tones]),
            # one kind: few of the posts are in Spanish
            **{task: doubt_of([mentions.kind(task)]) for task in (OF_BRAND, "stage", "urgency")},
        },
        intents=[
            scale_of([each.answers("intents", label) for each in (conversations, posts)]) for label in TASKS["intents"]
        ],
    )


def scale_of(kinds: Sequence[Answers]) -> Scale:
    """The scale of least negative log-likelihood, each kind of text counting alike; none where too little is known.

    Held back to slope 1 and bias 0, the more so the fewer texts have an answer.
    """
    odds, holds = (torch.cat([getattr(each, name) for each in kinds]) for name in ("odds", "holds"))
    if min(float(holds.sum()), float((1 - holds).sum())) < _FEWEST:
        return Scale()
    counts = torch.cat([torch.full_like(each.holds, 1 / len(each.holds)) for each in kinds if len(each.holds)])

    def cost(learnt: Tensor) -> Tensor:
        losses = functional.binary_cross_entropy_with_logits(learnt[0] * odds + learnt[1], holds, reduction="none")
        return (losses * counts).sum() + _PENALTY * ((learnt[0] - 1).square() + learnt[1].square())

    slope, bias = (round(float(each), 4) for each in least(torch.tensor([1.0, 0.0]), cost))
    return Scale(slope=slope, bias=bias)


def with_sureness(folder: Path, data: Path) -> Sureness:
    """Learn it of the weights in `folder`, and write it into their configuration, sealed again."""
    _keep(folder, Sureness(adjustments={}, doubts={}, intents=()))
    learnt = sureness_of(open_encoder(folder), data)
    _keep(folder, learnt)
    return learnt


def _keep(folder: Path, sureness: Sureness) -> None:
    def change(config: dict[str, Any]) -> None:
        config["adjustments"] = {task: asdict(each) for task, each in sureness.adjustments.items()}
        config["doubts"] = {task: asdict(doubt) for task, doubt in sureness.doubts.items()}
        config["scales"] = {"intents": [asdict(scale) for scale in sureness.intents]}

    configure(folder, change)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Examples, and what the heads say of each."""

    examples: Sequence[Example]
    scores: Sequence[Scored]

    @classmethod
    def of(cls, encoder: Encoder, examples: Sequence[Example]) -> _Read:
        return cls(examples=examples, scores=encoder.score([each.text for each in examples]))

    def and_(self, other: _Read) -> _Read:
        return _Read(examples=[*self.examples, *other.examples], scores=[*self.scores, *other.scores])

    def kinds(self, task: str) -> list[Kind]:
        """`kind`, where there are examples at all."""
        return [self.kind(task)] if self.examples else []

    def kind(self, task: str, *, truth: str | None = None) -> Kind:
        """As the doubt of a head of one label is learnt from; `truth` names the labels, if those of another head."""
        labels = [each.labels.get(truth or task) for each in self.examples]
        return Kind(
            logits=torch.tensor([each.texts[task] for each in self.scores]).clamp_min(1e-9).log(),
            targets=torch.tensor([MISSING if each is None else TASKS[task].index(str(each)) for each in labels]),
            talk=torch.tensor([talk_in(each.texts["touchpoints"]) for each in self.scores]),
            english=torch.tensor([each.lang == Language.EN for each in self.examples]),
        )

    def answers(self, task: str, label: str) -> Answers:
        known = list(self._known(task, label))
        shares = torch.tensor([share for share, _ in known]).clamp(1e-6, 1 - 1e-6)
        return Answers(odds=shares.logit(), holds=torch.tensor([float(holds) for _, holds in known]))

    def _known(self, task: str, label: str) -> Iterator[tuple[float, bool]]:
        place = TASKS[task].index(label)
        for example, scored in zip(self.examples, self.scores, strict=True):
            given = example.labels.get(task)
            if given is not None:
                yield scored.texts[task][place], label in given
            elif label in example.denied:
                yield scored.texts[task][place], False


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(prog="python -m nlp.train.sureness", description=__doc__.partition(":")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    given = parser.parse_args()
    learnt = with_sureness(given.folder, given.data)
    sys.stdout.write(json.dumps(asdict(learnt), indent=1) + "\n")


if __name__ == "__main__":
    main()
