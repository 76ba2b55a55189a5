"""The shell provisioner."""

from oxtui.provisioners.shell.provisioner import ShellProvisioner

__all__ = ["ShellProvisioner"]
