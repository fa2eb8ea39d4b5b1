"""Where somebody lives: streets by their words, and addresses that begin with them or that a postcode proves."""
