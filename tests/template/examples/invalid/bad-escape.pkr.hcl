# wrong: line 3: \d is no escape
locals {
  pattern = "^\d+$"
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
