"""A window onto the Discord of the tests: a page on which a person without an account can work at the desk."""
