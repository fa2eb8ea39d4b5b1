"""Where everything heard, decided and said is kept."""
