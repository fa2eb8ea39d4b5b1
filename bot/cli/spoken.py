"""Raise what is wrong with a channel in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.errors import ChannelError, ConfigError, VivenciaError
from bot.domain.reading import Language


@contextmanager
def speaking(language: Language, *, of: str = "") -> Iterator[None]:
    """The same errors, their sentences as the wording tells them; one that it does not know stays as it is.

    What a channel says is prefixed with its name, `of`.
    """
    from bot.insight.told import told_in
    from bot.insight.wording import wording

    try:
        yield
    except ConfigError as error:
        raise ConfigError(told_in(wording(language), str(error))) from error
    except ChannelError as error:
        raise VivenciaError(f"{of}: {told_in(wording(language), str(error))}") from error
    except VivenciaError as error:
        raise VivenciaError(told_in(wording(language), str(error))) from error
