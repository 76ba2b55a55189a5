"""Options of the Outscale builders and data source, by the names that Packer's users know."""
