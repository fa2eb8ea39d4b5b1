"""The sockets of the project: what a channel, a model, a responder, a desk and a store must offer."""
