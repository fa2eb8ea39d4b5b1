"""The parts of a digest's text, each a few lines of its own."""
