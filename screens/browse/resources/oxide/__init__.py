"""What Browse shows of a rack; each module is imported when its kind is first shown."""
