# wrong: line 3: text that is no number is added
locals {
  a = 1 + "one"
}
source "null" "x" { communicator = "none" }
build {
  sources = ["null.x"]
  provisioner "shell-local" { inline = ["echo ${local.a}"] }
}
