"""Builds in a chroot: the mechanics that any such builder shares, and the one that works on this machine alone."""
