# wrong: line 4: the default is not a number
variable "count" {
  type    = number
  default = "three"
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
