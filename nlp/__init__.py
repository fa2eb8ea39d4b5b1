"""From text to a reading: language, sentiment, intents, touchpoints, urgency."""
