# wrong: line 2: the variable has no value
variable "token" {
  type = string
}
source "null" "x" { communicator = "none" }
build {
  sources = ["null.x"]
  provisioner "shell-local" { inline = ["echo ${var.token}"] }
}
