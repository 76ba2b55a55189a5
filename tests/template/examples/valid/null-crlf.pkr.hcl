variable "crlf" {
  type    = string
  default = "windows"
}

locals {
  lines = <<EOT
one ${var.crlf}
two
EOT
  list = [
    1, # one
    2
  ]
}

source "null" "w" {
  communicator = "none"
}

// build
build {
  sources = ["null.w"]
  provisioner "shell-local" {
    inline = ["echo ${var.crlf}"] /* last */
  }
}
