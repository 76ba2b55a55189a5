"""What the Oxide API says and takes, one module a resource."""
