"""MAAS as a home of images: its API for uploaded boot resources, and what it accepts (maas.md)."""
