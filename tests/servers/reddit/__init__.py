"""The part of Reddit's API that the reddit channel uses, as its documents and recorded answers tell it."""
