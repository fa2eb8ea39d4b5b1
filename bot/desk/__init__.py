"""Where support agents pick up cases."""
