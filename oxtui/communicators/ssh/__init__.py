"""The SSH communicator."""
