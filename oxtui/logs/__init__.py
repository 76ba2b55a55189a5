"""Output on disk: spools, index, search, sanitising, redaction."""
