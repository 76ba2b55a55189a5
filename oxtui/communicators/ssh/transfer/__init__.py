"""Files to and from a guest over SSH.

One file goes through `cat`, many go as one tar stream, each in one session; SFTP is used where the template
asks for it, and for guests without tar.
"""

from oxtui.communicators.ssh.transfer.download import download_file, download_tree
from oxtui.communicators.ssh.transfer.upload_file import upload_file
from oxtui.communicators.ssh.transfer.upload_tree import upload_tree

__all__ = ["download_file", "download_tree", "upload_file", "upload_tree"]
