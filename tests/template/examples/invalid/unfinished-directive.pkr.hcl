# wrong: line 3: there is no endif
locals {
  a = "%{ if true }yes"
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
