"""What an owner pastes as a secret: without what editors and shells leave around it, or why it can be none."""

from __future__ import annotations

import re
import unicodedata

_AROUND = re.compile(r"\A[\s\ufeff]+|[\s\ufeff]+\Z")


def key_as_pasted(given: str) -> str:
    """A key or token that a platform made, without spaces, line ends and byte-order mark around it.

    ValueError, which repeats nothing of it, where it is none.
    """
    key = _usable(_AROUND.sub("", given))
    if not key.isascii():
        raise ValueError("holds a character that no platform puts into a key; copy it anew")
    return key


def password_as_pasted(given: str) -> str:
    """A password that a person chose: it may begin with a space and hold any letter. ValueError as for a key."""
    return _usable(given.strip("\r\n\ufeff"))


def _usable(secret: str) -> str:
    if not secret:
        raise ValueError("is empty; write the secret into its variable or file, or take that away")
    if "\n" in secret or "\r" in secret:
        raise ValueError("holds a line break; give the one line that is the secret")
    if any(unicodedata.category(character) == "Cc" for character in secret):
        raise ValueError("holds a control character; copy it anew")
    return secret
