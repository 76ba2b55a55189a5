"""From files to the template model: what Packer expects at the top of a template and in a build."""
