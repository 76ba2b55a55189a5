"""The post-processors of a build: chains of them, what each is given, and what of it stays."""
