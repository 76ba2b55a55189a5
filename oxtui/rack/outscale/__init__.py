"""A simulated Outscale: its API over the instances and disks of the simulated rack."""
