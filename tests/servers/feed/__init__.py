"""A publisher of feeds on loopback."""
