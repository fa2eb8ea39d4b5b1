"""Phones: how digits are grouped, and which groups can be dialled where."""
