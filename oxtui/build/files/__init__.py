"""The files of a guest, as an operator looks at them and changes them by hand.

All of it runs as small programs of the guest's `sh`, so that it works without SFTP, and as root where sudo
needs no password: SFTP would be the user's alone.
"""
