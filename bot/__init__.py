"""The service: everything between the channels and the people."""
