"""Personal data, one kind a file."""
