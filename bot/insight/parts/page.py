"""What every part of a digest's text needs: the edition, the words and the way to write figures."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.digest import Digest, Share, Trend
from bot.insight.figures import Figures
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
        """As the figures write it; of none as such."""
        return self.figures.share(of) if of.n else self.words.say("figures.none")
