"""What a classifier is worth: labelled rows and readings in, figures with intervals out."""
