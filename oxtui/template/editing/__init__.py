"""What stands behind a document that a form and a text editor change together."""
