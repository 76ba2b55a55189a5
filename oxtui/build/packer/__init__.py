"""Packer as an engine: templates with components that oxtui does not have are run by the installed `packer`."""
