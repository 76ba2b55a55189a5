"""Errors of the rack's machines and disks."""

from __future__ import annotations


class RackMachineError(Exception):
    """The rack cannot do with a machine or a disk what it was asked; the text says why."""


class IsolationError(RackMachineError):
    """The wanted isolation does not work here; the text names what was refused."""
