"""The shell-local provisioner."""

from oxtui.provisioners.shell_local.provisioner import ShellLocalProvisioner

__all__ = ["ShellLocalProvisioner"]
