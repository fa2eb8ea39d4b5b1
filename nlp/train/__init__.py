"""Train the heads of the shipped model on the project's seeds and on sets whose terms allow it."""
