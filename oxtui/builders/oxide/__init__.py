"""The `oxide-instance` builder."""
