"""Small honest servers that speak what the platforms speak, on loopback."""
