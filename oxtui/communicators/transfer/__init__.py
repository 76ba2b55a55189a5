"""Files to and from a guest.

One file goes through `cat`, many go as one tar stream, each in one session; SFTP is used where the template
asks for it, and for guests without tar.
"""

from oxtui.communicators.transfer.transfers import Transfers

__all__ = ["Transfers"]
