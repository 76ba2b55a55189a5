# wrong: line 4: there is no variable imag
variable "image" { default = "debian" }
locals {
  a = var.imag
}
source "null" "x" { communicator = "none" }
build {
  sources = ["null.x"]
  provisioner "shell-local" { inline = [local.a] }
}
