"""What a build is: the template model, read from and written to its text."""
