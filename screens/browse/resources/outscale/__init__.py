"""What Browse shows of an Outscale account; each module is imported when its kind is first shown."""
