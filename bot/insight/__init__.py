"""History turned into understanding: figures, judgements and pictures."""
