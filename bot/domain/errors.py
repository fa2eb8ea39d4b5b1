"""Everything this project raises on purpose.

* VivenciaError
  + ConfigError               the operator must change something: one line that says what, why and the fix
  + ChannelError              a channel said no
    - ChannelUnavailable      try again later
      . RateLimited           try again after `retry_after`
    - ChannelRefused          never retry: credentials, permission, deleted post
  + ModelUnavailable          the model cannot be loaded; the lexicon takes over
  + StoreUnavailable          the database or a picture cannot be written now: disk full, read-only, I/O error
  + CaseClosed                the case is closed and takes no further work
  + NotDone                   what a person asked for was not done: why, for them to read
"""

from __future__ import annotations

import math

from bot.domain.reason import Why

LONGEST_WAIT = 86_400.0
WAIT_UNTOLD = 60.0


class VivenciaError(Exception):
    """Base of every error raised on purpose."""


class ConfigError(VivenciaError):
    """The operator must change something: the message is one line with what, why and the fix."""


class ChannelError(VivenciaError):
    """A channel could not be read from or written to."""


class ChannelUnavailable(ChannelError):
    """A passing fault: the same call may work later."""


class RateLimited(ChannelUnavailable):
    """The channel asked us to wait `retry_after` seconds: a day at most, a minute where it told no length of time."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = min(max(retry_after, 0.0), LONGEST_WAIT) if math.isfinite(retry_after) else WAIT_UNTOLD
        super().__init__(f"asked to wait {self.retry_after:.0f} s")


class ChannelRefused(ChannelError):
    """The same call will never work: credentials, permission or a deleted post."""


class ModelUnavailable(VivenciaError):
    """The model cannot be loaded or run: what is missing and how to mend it."""


class StoreUnavailable(VivenciaError):
    """The database or a picture cannot be written now; nothing was changed and the work can be tried again."""


class NotDone(VivenciaError):
    """What a person asked for was not done and nothing was changed; `why` is said to them in their language."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


class CaseClosed(VivenciaError):
    """The case is closed and takes no further work."""
