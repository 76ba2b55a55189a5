"""The chroot communicator: a directory tree of this machine as the guest."""
