"""The functions that templates may call: Packer's table, with go-cty's behaviour."""
