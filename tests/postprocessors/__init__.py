"""Tests of the post-processors."""
