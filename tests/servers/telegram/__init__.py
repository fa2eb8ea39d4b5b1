"""The part of Telegram's Bot API that the telegram channel uses, as its documents and its open source tell it."""
