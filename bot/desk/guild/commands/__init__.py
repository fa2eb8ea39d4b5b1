"""The slash commands: the same deeds as the buttons, and what people look up, wherever in the guild they are."""
