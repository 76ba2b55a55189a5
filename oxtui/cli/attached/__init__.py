"""What `oxtui attach` does once it has found the session."""
