"""One file a channel: its server on loopback, and what a customer and a fault can do there."""
