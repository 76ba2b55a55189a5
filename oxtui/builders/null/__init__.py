"""Packer's null builder: provisioners without a machine of its own."""
