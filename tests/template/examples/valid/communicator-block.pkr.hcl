communicator "ssh" "vagrant" {
  ssh_password = "s3cr4t"
  ssh_username = "vagrant"
}

source "null" "c" {
  communicator = "none"
}

build {
  sources = ["null.c"]
}
