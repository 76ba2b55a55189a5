# wrong: line 3: Packer has no function tostring
locals {
  a = tostring(1)
}
source "null" "x" { communicator = "none" }
build {
  sources = ["null.x"]
  provisioner "shell-local" { inline = [local.a] }
}
