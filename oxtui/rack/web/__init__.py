"""The HTTP side of the rack: what Dropshot, the control plane's server, does for every operation."""
