variable "a" { default = "1" }
variable "b" { default = 2 }
variable "c" { default = { x = 1 } }
variables {
  d = "four"
  e = 5
  f = ["six"]
}
locals { g = "${var.a}${var.d}" }
locals { h = [var.e, var.f[0]] }
local "i" { expression = var.c.x + 1 }
source "null" "o" { communicator = "none" }
build { sources = ["null.o"] }
