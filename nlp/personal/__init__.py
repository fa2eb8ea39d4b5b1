"""Personal data, one kind a file or a package."""
