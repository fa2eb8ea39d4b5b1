"""A Matrix server on loopback: Synapse in a process of its own, people on it, and a gate in front that can fail."""
