"""The whole course: public sets, the seeds of most sectors, calibration on the others; and the same with every seed.

Two sisters learn the third stage in another order. From their mean four more go once through everything, slowly; what
ends the line is the mean of that mean and of the four (model soups, Wortsman et al. 2022).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from nlp.encoder import Readout
from nlp.pretrained import VivenciaConfig, VivenciaModel
from nlp.tones import FIRM, OF_BRAND
from nlp.train.annotated import ANNOTATION, annotated_examples
from nlp.train.batches import Prepared, prepare
from nlp.train.blend import with_ngrams
from nlp.train.calibrate import macro_f1, readout_of
from nlp.train.corpus import MEASURED, UNSEEN, Example, public_examples, seed_examples, talk_examples
from nlp.train.fine_tune import Recipe, fine_tune
from nlp.train.mix import with_mix
from nlp.train.ngrams import STEPS, learnt_of
from nlp.train.quoting import with_quoting
from nlp.train.score import scores_of
from nlp.train.ship import ship
from nlp.train.sureness import with_sureness
from nlp.train.tasks import SIDE_TASKS, TASKS

HELD_OUT = frozenset({"airline", "courier", "energy", "fashion", "ticketing", "health"})
"""Sectors that calibrate and measure: the model that is measured on them never saw them."""

FIRST = Recipe(epochs=1, average=0.2)
SECOND = Recipe(epochs=4, rate=2e-4, head_rate=5e-3, decay=0.95, batch=24, average=0.2)
THIRD = Recipe(epochs=3, rate=1.5e-4, head_rate=3e-3, decay=0.95, batch=16, average=0.25, hidden=0.3)
SISTERS = (THIRD, replace(THIRD, seed=11, smoothing=0.1))
LATE = replace(THIRD, epochs=1, rate=7e-5, seed=23)
BOLD = replace(LATE, rate=1e-4, seed=43)
LATE_SISTERS = (LATE, replace(LATE, seed=31), BOLD, replace(BOLD, seed=59))
REPLAYED = {"umsab_es": 0.8, "umsab_en": 0.15, "umsab_pt": 0.2, "semeval_en": 0.16, "mabsa_es": 0.12, "mabsa_en": 0.1}
REPLAYED |= {"banking77": 0.1, "bitext": 0.1, "purchase_intention": 0.2, "seed_intent_es": 0.4}
REPLAYED |= {"umsab_it": 0.1, "offensive_en": 0.15, "emotion_en": 0.15}

LOWERED = {"complaint": 0.22, "praise": 0.4, "purchase_interest": 0.25, "churn_threat": 0.4}
"""Intents that hold from less on: real posts say them less plainly, and one missed costs more than one too many."""
WARMER = 1.15
"""What the temperature of intents, fitted on seeds, is multiplied by: real posts say what they want less plainly."""

Told = Callable[[str, int, int, float], None]
"""Hears the stage, the step, how many there are, and the loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How the heads are read, and macro-F1 a head on the sectors left out (token heads: a token)."""

    readouts: dict[str, Readout]
    figures: dict[str, float]


def raw_model(folder: Path) -> VivenciaModel:
    """The encoder of the folder with new heads; deterministic."""
    torch.manual_seed(7)
    config = VivenciaConfig.from_pretrained(folder)
    config.tasks = {task: list(labels) for task, labels in (*TASKS.items(), *SIDE_TASKS.items())}
    config.readout = {}
    # dropout inside the layers costs a tenth of the time here and gained nothing; the heads keep theirs
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    model: VivenciaModel = VivenciaModel.from_pretrained(
        folder, config=config, ignore_mismatched_sizes=True, dtype=torch.float32, attn_implementation="eager"
    )
    for name, weight in model.heads.named_parameters():
        torch.nn.init.zeros_(weight) if name.endswith("bias") else torch.nn.init.normal_(weight, std=0.02)
    return model


def opened(folder: Path) -> VivenciaModel:
    """A model that `save_pretrained` wrote, to go on training."""
    model: VivenciaModel = VivenciaModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return model


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What every stage needs: the folder of public sets, the tokenizer, who hears of each step, and how many cores."""

    data: Path
    tokenizer: Tokenizer
    told: Told
    threads: int = 1

    def first(self, model: VivenciaModel) -> None:
        """Everything that the permitted public sets teach."""
        rows = prepare(self.tokenizer, public_examples(self.data))
        self._learn(model, lambda _: rows, FIRST, "public sets")

    def second(self, model: VivenciaModel, own: Sequence[Example], recipe: Recipe = SECOND) -> None:
        """Seeds and annotated posts, again and again, the posts twice an epoch: they are few, and real.

        Other rows of the public sets stand beside them each time, so that none is forgotten.
        """
        posts = [each for each in own if each.source == ANNOTATION]
        taught = prepare(self.tokenizer, [*own, *posts, *talk_examples()])
        public = {name: prepare(self.tokenizer, public_examples(self.data, [name])) for name in REPLAYED}

        def rows(epoch: int) -> list[Prepared]:
            picked = random.Random(recipe.seed * 100 + epoch)  # noqa: S311 - a sample, not a secret
            replayed = [
                picked.sample(public[name], round(share * len(public[name]))) for name, share in REPLAYED.items()
            ]
            return [*taught, *chain.from_iterable(replayed)]

        self._learn(model, rows, recipe, "seeds")

    def ngrams(self, own: Sequence[Example]) -> dict[str, Tensor]:
        """What the second reader learns, of the same seeds and posts and of every public set."""
        torch.set_num_threads(self.threads)
        rows = [*own, *talk_examples(), *public_examples(self.data)]
        return learnt_of(rows, lambda step, loss: self.told("words", step, STEPS, loss))

    def _learn(
        self, model: VivenciaModel, rows: Callable[[int], Sequence[Prepared]], recipe: Recipe, stage: str
    ) -> None:
        torch.set_num_threads(self.threads)  # at every stage: opening weights to read with them sets its own
        fine_tune(model, rows, model.config.tasks, recipe, told=partial(self.told, stage))

    def measured(self, model: VivenciaModel, held_out: Sequence[Example]) -> Measured:
        """Calibrate and measure on examples that the model never saw."""
        scores = scores_of(model, prepare(self.tokenizer, held_out), TASKS)
        readouts = {task: readout_of(task, labels, *scores[task]) for task, labels in TASKS.items()}
        readouts["intents"] = lowered(readouts["intents"])
        readouts |= self._of_a_firm(model)
        figures = {task: macro_f1(task, readouts[task], *scores[task]) for task in TASKS}
        return Measured(readouts=readouts, figures=figures)

    def _of_a_firm(self, model: VivenciaModel) -> dict[str, Readout]:
        """How the heads of the firm are read, of posts and conversations that train nothing: every seed lives one."""
        rows = prepare(self.tokenizer, [*annotated_examples(self.data, MEASURED), *seed_examples(UNSEEN)])
        tasks = {task: TASKS[task] for task in (OF_BRAND, FIRM)}
        scores = scores_of(model, rows, tasks)
        return {task: readout_of(task, labels, *scores[task]) for task, labels in tasks.items()}


def run(course: Course, own: Sequence[Example], *, encoder: Path, work: Path, out: Path) -> Measured:
    """Train from the bare encoder and write the weights to `out`; stages kept in `work` are not trained again.

    `own` are the seeds and the annotated posts. Calibration and figures come from a model that never saw `HELD_OUT`,
    the twin. What is written is its sister: from the second stage on it learns the same way, but from every seed. How
    much network, words and n-grams weigh in either, and how sure it may be, is learnt of texts that neither has seen.
    """
    learnt, held_out = parted(own)
    _kept(work / "first", lambda: raw_model(encoder), course.first)
    _kept(work / "second", lambda: opened(work / "first"), lambda model: course.second(model, learnt))
    judged = _ripened(course, learnt, work, "judged")
    measured = course.measured(judged, held_out)
    final = _ripened(course, own, work, "final")
    for model, taught, folder in ((judged, learnt, work / "twin"), (final, own, out)):
        ship(model, measured.readouts, folder, encoder=encoder)
        with_ngrams(folder, model, measured.readouts, course.ngrams(taught), course.data)
        with_quoting(folder, course.data)
        with_mix(folder, course.data)
        with_sureness(folder, course.data)
    return measured


def _ripened(course: Course, own: Sequence[Example], work: Path, name: str) -> VivenciaModel:
    """The mean of two sisters, and of those that went on from it."""

    def learnt(folder: Path, start: Callable[[], VivenciaModel], recipe: Recipe) -> VivenciaModel:
        return _kept(folder, start, partial(course.second, own=own, recipe=recipe))

    def early() -> VivenciaModel:
        numbered = enumerate(SISTERS, 1)
        return mean_of([learnt(work / f"{name}-{n}", lambda: opened(work / "second"), each) for n, each in numbered])

    late = [learnt(work / f"{name}-late-{n}", early, recipe) for n, recipe in enumerate(LATE_SISTERS, 1)]
    return mean_of([early(), *late])


def mean_of(models: Sequence[VivenciaModel]) -> VivenciaModel:
    """The first of the models, with every weight the mean of that weight in all of them."""
    first, *others = models
    states = [model.state_dict() for model in others]
    with torch.no_grad():
        for name, weight in first.state_dict().items():
            weight.copy_(torch.stack([weight, *(state[name] for state in states)]).mean(dim=0))
    return first


def _kept(folder: Path, start: Callable[[], VivenciaModel], train: Callable[[VivenciaModel], None]) -> VivenciaModel:
    if not (folder / "config.json").is_file():
        model = start()
        train(model)
        folder.mkdir(parents=True, exist_ok=True)
        model.save_pretrained(folder)
    return opened(folder)


def lowered(readout: Readout) -> Readout:
    """The readout with the thresholds of `LOWERED`, and less sure by `WARMER`."""
    pairs = zip(readout.labels, readout.thresholds, strict=True)
    temperature = round(readout.temperature * WARMER, 2)
    return replace(
        readout, temperature=temperature, thresholds=tuple(LOWERED.get(label, threshold) for label, threshold in pairs)
    )


def parted(own: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """What is not of the sectors left out, to train; and what is."""
    return (
        [each for each in own if each.sector not in HELD_OUT],
        [each for each in own if each.sector in HELD_OUT],
    )
