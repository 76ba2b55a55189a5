"""Data sources: values that a template looks up."""
