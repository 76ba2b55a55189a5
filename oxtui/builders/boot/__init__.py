"""What the serial console of a machine tells of a boot that fails."""
