# wrong: line 4: the sequence is not closed
variable "v" { default = "x" }
locals {
  a = "name-${var.v"
  b = 2
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
