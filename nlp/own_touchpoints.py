"""The owner's own touchpoints: a text shows one when the owner's examples are its nearest neighbours.

The rule is that of nearest neighbours with a margin (Cover & Hart 1967, IEEE Trans. Inf. Theory 13:21), with the mean
of the best few in place of a vote, as between prototypes (Snell et al. 2017, "Prototypical networks"). A piece of text
is two vectors: the mean of its tokens' states, and of their embeddings before any layer. The second weighs more: layers
that were tuned to tell ten touchpoints apart forget what lies within one. Both are whitened on the contrast (Su et al.
2021, "Whitening sentence representations") with the covariance shrunk (Ledoit & Wolf 2004, J. Multivariate Anal.
88:365). The margin lies above every sentence of the contrast, most of the way to the middle example; all bounds are
estimated at the start, leaving out one sentence after the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from bot.domain.reading import Reading, Touchpoint
from nlp.encoder import Encoder, Range, Scored
from nlp.text import Masked, mask

if TYPE_CHECKING:
    import torch
    from numpy import float32
    from numpy.typing import NDArray

UNCLEAR_BELOW = 0.6
_CLEAR = 0.8
_NEIGHBOURS = 3
_SHRUNK = 0.1  # how far the covariance is drawn towards a sphere
_WEIGHTS = (0.3, 0.7)  # of states and of embeddings
_WAY = 0.75  # of the way from the contrast to the middle example

Matrix: TypeAlias = "NDArray[float32]"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTouchpoint:
    """What the owner gave: a name, the touchpoint it refines, and sentences that show it."""

    name: str
    of: Touchpoint
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """An own touchpoint whose examples do not stand apart: the share that was told rightly when left out."""

    name: str
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    """Above `margin` a piece of text shows the touchpoint; above `central` it is nearer than any example is."""

    margin: float
    central: float
    accuracy: float

    @property
    def clear(self) -> bool:
        """Whether a central text shows it even where no head saw the touchpoint it refines."""
        return self.accuracy >= _CLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """One own touchpoint, and where its examples stand among the known sentences."""

    of: Touchpoint
    name: str
    rows: range
    bounds: _Bounds


class NearestExamples:
    """Compares pieces of texts that an encoder has scored with the owner's examples; without any it finds nothing."""

    def __init__(self, encoder: Encoder, own: Sequence[OwnTouchpoint]) -> None:
        self._encoder, self._own = encoder, tuple(own)
        self._judges: list[_Judge] = []
        if not own:
            return
        texts = [text for each in own for text in each.examples]
        contrast = contrasts()
        pieces = self._pieces(encoder.score([mask(text).text for text in (*texts, *contrast)]))
        self._space = _Space(pieces[:, len(texts) :])
        self._known = self._space.of(pieces)
        alike, at = (self._known @ self._known.T).numpy(), 0
        for each in own:
            rows = range(at, at := at + len(each.examples))
            self._judges.append(
                _Judge(of=each.of, name=each.name, rows=rows, bounds=_bounds(alike, rows, len(contrast)))
            )

    @property
    def unclear(self) -> tuple[Unclear, ...]:
        """Those of which fewer than `UNCLEAR_BELOW` of the examples are told rightly when left out."""
        told = [(judge.name, judge.bounds.accuracy) for judge in self._judges]
        return tuple(Unclear(name=name, accuracy=accuracy) for name, accuracy in told if accuracy < UNCLEAR_BELOW)

    def typical_of(self, scored: Sequence[Scored]) -> list[dict[Touchpoint, float]]:
        """For each text the touchpoints that clear own ones refine, where it is nearer than their nearest example.

        Each with the share told rightly.
        """
        import numpy as np  # noqa: PLC0415 - a service without a model has none

        clear = [judge for judge in self._judges if judge.bounds.clear]
        found: list[dict[Touchpoint, float]] = [{} for _ in scored]
        if not clear or not scored:
            return found
        alike = self._alike(self._pieces(scored))
        for judge in clear:
            for text in np.flatnonzero(_lead(alike, judge.rows) > judge.bounds.central).tolist():
                # a text without a token lies at the centre of everything
                if scored[text].ids:
                    found[text][judge.of] = max(judge.bounds.accuracy, found[text].get(judge.of, 0.0))
        return found

    def named(self, readings: Sequence[Reading], masked: Sequence[Masked], scored: Sequence[Scored]) -> list[Reading]:
        """The readings with the own touchpoint of each span that shows one; all spans are compared at once."""
        refined = {judge.of for judge in self._judges}
        places = [
            (text, number, _part(scored[text], masked[text].place_of(span.quote)))
            for text, reading in enumerate(readings)
            for number, span in enumerate(reading.spans)
            if span.touchpoint in refined
        ]
        found = list(readings)
        if not places:
            return found
        alike = self._alike(self._pieces([part for _, _, part in places]))
        leads = [_lead(alike, judge.rows) - judge.bounds.margin for judge in self._judges]
        for row, (text, number, _) in enumerate(places):
            spans = list(found[text].spans)
            ahead = [
                (float(lead[row]), judge.name)
                for judge, lead in zip(self._judges, leads, strict=True)
                if judge.of is spans[number].touchpoint
            ]
            most, name = max(ahead)
            if most > 0:
                spans[number] = replace(spans[number], own=name)
                found[text] = replace(found[text], spans=tuple(spans))
        return found

    def _alike(self, pieces: torch.Tensor) -> Matrix:
        """Rows of likeness to every known sentence: the examples, then the contrast."""
        likeness: Matrix = (self._space.of(pieces) @ self._known.T).numpy()
        return likeness

    def _pieces(self, scored: Sequence[Scored]) -> torch.Tensor:
        """The mean state and the mean embedding of each text's tokens (2, texts, hidden); of none, zeros."""
        import torch  # noqa: PLC0415

        states = [each.states.mean(0) if each.ids else each.states.new_zeros(each.states.shape[1]) for each in scored]
        return torch.stack([torch.stack(states), self._encoder.words([each.ids for each in scored])])


class _Space:
    """Where cosines tell contents apart: both vectors of a piece centred and whitened on the contrast."""

    def __init__(self, contrast: torch.Tensor) -> None:
        import torch  # noqa: PLC0415

        self._centre = contrast.mean(1, keepdim=True)
        self._turn = torch.stack([_whitening(half) for half in contrast - self._centre])

    def of(self, pieces: torch.Tensor) -> torch.Tensor:
        """Rows (pieces, both vectors) whose product is the weighted mean of both cosines."""
        import torch  # noqa: PLC0415

        turned = (pieces - self._centre) @ self._turn
        units = turned / turned.norm(dim=2, keepdim=True).clamp(min=1e-9)
        weighed = [unit * weight**0.5 for unit, weight in zip(units, _WEIGHTS, strict=True)]
        return torch.cat(weighed, dim=1)


def _part(scored: Scored, place: Range) -> Scored:
    """The same with only those tokens that lie at a place of the masked text."""
    inside = [at for at, (start, end) in enumerate(scored.places) if start < place[1] and end > place[0]]
    first, last = (inside[0], inside[-1] + 1) if inside else (0, 0)
    return replace(scored, ids=scored.ids[first:last], states=scored.states[first:last])


def contrasts() -> list[str]:
    """The bundled sentences, some for each touchpoint and some of none."""
    table = tomllib.loads((files("nlp") / "contrasts.toml").read_text(encoding="utf-8"))
    return [text for languages in table.values() for texts in languages.values() for text in texts]


def _whitening(centred: torch.Tensor) -> torch.Tensor:
    """The inverse square root of the covariance, shrunk towards a sphere."""
    import torch  # noqa: PLC0415

    covariance = centred.double().T @ centred.double() / len(centred)
    sphere = torch.eye(len(covariance), dtype=torch.double) * covariance.trace() / len(covariance)
    values, vectors = torch.linalg.eigh(covariance.lerp(sphere, _SHRUNK))
    turn: torch.Tensor = (vectors / values.clamp(min=1e-12).sqrt()) @ vectors.T
    return turn.float()


def _bounds(alike: Matrix, rows: range, contrast: int) -> _Bounds:
    """From how like each other the known sentences are: examples at `rows`, the contrast at the end."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    examples, others = _left_out(alike, rows, contrast)
    nearest, middle = float(others.max()), float(np.median(examples))
    told = [_told_when_left_out(alike, rows, row, contrast) for row in rows]
    return _Bounds(
        margin=max(nearest, nearest + _WAY * (middle - nearest)),
        central=max(nearest, float(examples.max())),
        accuracy=sum(told) / len(told),
    )


def _told_when_left_out(alike: Matrix, rows: range, row: int, contrast: int) -> bool:
    """Whether an example is nearer to the other examples than all of the contrast is."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    others, fewer = np.delete(alike, row, axis=1), range(rows.start, rows.stop - 1)
    _, strangers = _left_out(np.delete(others, row, axis=0), fewer, contrast)
    return bool(_lead(others[row : row + 1], fewer)[0] > strangers.max())


def _left_out(alike: Matrix, rows: range, contrast: int) -> tuple[Matrix, Matrix]:
    """The leads of the examples and of the contrast, no sentence being its own neighbour."""
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    strangers = alike.copy()
    np.fill_diagonal(strangers, -np.inf)
    leads = _lead(strangers, rows)
    return leads[rows.start : rows.stop], leads[-contrast:]


def _lead(alike: Matrix, rows: range) -> Matrix:
    """How much nearer each piece is to the examples than to everything else: means over the nearest few of both.

    One fewer than there are examples: one that is left out has no more.
    """
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    others = np.concatenate([alike[:, : rows.start], alike[:, rows.stop :]], axis=1)
    return _nearest(alike[:, rows.start : rows.stop], max(1, min(_NEIGHBOURS, len(rows) - 1))) - _nearest(
        others, _NEIGHBOURS
    )


def _nearest(alike: Matrix, neighbours: int) -> Matrix:
    import numpy as np  # noqa: PLC0415 - a service without a model has none

    best: Matrix = np.partition(alike, -neighbours, axis=1)[:, -neighbours:].mean(1)
    return best
