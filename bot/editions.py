"""One edition of the digest as people get it: the figures, the text, and the picture beside the database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.digest import Digest, DigestText, Edition
from bot.domain.errors import StoreUnavailable
from bot.domain.ports.store import Reports
from bot.domain.reading import Language
from bot.insight.charts import draw_digest
from bot.insight.digest import Brand, Issue, build_digest, digest_key
from bot.insight.digest_text import digest_text, written
from config.settings import Settings
from nlp.pii import Recogniser
from responders.delicate import may_be_quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a manager gets: `key` is one per brand, edition, language and local date."""

    key: str
    digest: Digest
    text: DigestText
    picture: Path
    alternative_text: str


async def make_edition(  # noqa: PLR0913 - an edition is made of these
    reports: Reports,
    settings: Settings,
    folder: Path,
    *,
    day: date,
    edition: Edition,
    language: Language,
    now: datetime,
    due: datetime | None = None,
) -> Printed:
    """Count, judge, write and draw; the picture lands in `folder`."""
    issue = Issue(edition=edition, day=day, language=language, now=now, due=due)
    digest = await build_digest(reports, _brand(settings), issue, personal_data=Recogniser(), quotable=may_be_quoted)
    picture, alternative = await asyncio.to_thread(_drawn, digest, folder, language)
    return Printed(
        key=f"{language}:{digest_key(settings.brand.name, edition, digest.day)}",
        digest=digest,
        text=written(digest, language),
        picture=picture,
        alternative_text=alternative,
    )


async def write_edition(reports: Reports, settings: Settings, day: date, language: Language) -> str:
    """The daily edition of that day in words, as it is by now; nothing is drawn or kept."""
    issue = Issue(edition=Edition.DAILY, day=day, language=language, now=datetime.now(UTC))
    digest = await build_digest(reports, _brand(settings), issue, personal_data=Recogniser(), quotable=may_be_quoted)
    return digest_text(digest, language)


def _brand(settings: Settings) -> Brand:
    brand = settings.brand
    return Brand(
        name=brand.name, zone=ZoneInfo(brand.timezone), holidays=brand.hours.holidays, names=brand.touchpoint_names
    )


def _drawn(digest: Digest, folder: Path, language: Language) -> tuple[Path, str]:
    picture = folder / f"{digest.edition}-{digest.day}-{language}.png"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        picture.touch(mode=0o600)
        return picture, draw_digest(digest, picture, language)
    except OSError as error:
        message = f"the picture {picture} cannot be written: {error.strerror}"
        raise StoreUnavailable(message) from error


async def keep_edition(reports: Reports, printed: Printed, now: datetime) -> bool:
    """Keep the text under its key, and whom it quotes. False when it was kept before: then nobody is told again."""
    digest, text = printed.digest, printed.text.whole
    return await reports.keep_digest(printed.key, text, now, digest.quotes, digest.promises.to_follow)
