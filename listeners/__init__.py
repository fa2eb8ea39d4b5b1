"""The channels: one file each; a channel listens and, if it can, answers."""
