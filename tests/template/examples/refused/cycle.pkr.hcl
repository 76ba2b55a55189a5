# wrong: line 4: the locals refer to each other in a circle
locals {
  a = "${local.b}x"
  b = [local.c]
  c = local.a
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
