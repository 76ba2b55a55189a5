"""Values as Packer prints them."""
