"""What was ordered, sent, insured or booked: its number or code, by a word before it or by its form."""
