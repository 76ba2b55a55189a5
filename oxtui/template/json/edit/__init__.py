"""Changes of JSON text that leave everything else in it as it is."""
