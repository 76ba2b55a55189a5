"""A session written as a template."""
