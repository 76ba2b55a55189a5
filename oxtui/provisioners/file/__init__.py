"""The file provisioner: copies files and directories, both ways."""

from oxtui.provisioners.file.options import FileOptions
from oxtui.provisioners.file.provisioner import FileProvisioner

__all__ = ["FileOptions", "FileProvisioner"]
