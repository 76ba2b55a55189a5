"""Uploading a file as an image: the form, the progress, and the uploads under way."""
