"""A session that another process runs: followed, steered and entered over a Unix socket in its folder."""
