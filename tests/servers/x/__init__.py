"""The part of X API v2 that the x channel uses, as its description and its documents tell it."""
