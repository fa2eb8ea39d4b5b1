"""A Mastodon server on loopback: mastodon_mock, with people on it and a gate in front."""
