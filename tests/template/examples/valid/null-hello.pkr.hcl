source "null" "hello" {
  communicator = "none"
}

build {
  sources = ["null.hello"]
  provisioner "shell-local" {
    inline = ["echo hello, world"]
  }
}
