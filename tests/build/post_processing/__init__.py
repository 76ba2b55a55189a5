"""Tests of the post-processors of a build."""
