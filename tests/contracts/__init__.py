"""The contracts that every registered channel keeps; a channel brings its stage, and no test of its own."""
