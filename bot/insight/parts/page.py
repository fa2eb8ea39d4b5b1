"""What every part of a digest's text needs: the edition, the words and the way to write figures."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.digest import Digest, Share, Trend
from bot.insight.figures import Figures
from bot.insight.shares import FEWEST_FOR_A_SHARE
from bot.insight.wording import Wording

INDENT = "   "
ARROWS = {Trend.UP: "▲", Trend.DOWN: "▼"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Handed from part to part."""

    digest: Digest
    words: Wording
    figures: Figures

    def share(self, of: Share) -> str:
        """A percentage; of too few as `2/7`, of none as such."""
        if not of.n:
            return self.words.say("figures.none")
        if of.n < FEWEST_FOR_A_SHARE:
            return f"{of.part}/{of.n}"
        return self.figures.percent(of.value)
