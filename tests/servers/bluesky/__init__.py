"""A server of Bluesky on loopback: the part of XRPC that the channel calls, and people who post."""
