# wrong: line 4: the text has no closing quote
variable "name" {
  type    = string
  default = "web
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
