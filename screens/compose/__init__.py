"""Compose: a template as outline, form and text; checked while it is written."""
