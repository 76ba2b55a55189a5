"""Packer's file builder: an artifact that is a file, without any machine."""
