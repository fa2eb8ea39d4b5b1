"""The agents' desk in a Discord guild: a post a case, a card that changes, and everything an agent does is a press."""
