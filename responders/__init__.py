"""One decision per file, and the hand that carries decisions out."""
