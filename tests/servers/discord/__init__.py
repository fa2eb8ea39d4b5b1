"""The part of Discord that the channel uses: API v10 and gateway, as Discord's documents tell it."""
