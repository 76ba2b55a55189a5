# wrong: line 5: communicator is set twice
source "null" "x" {
  communicator = "none"
  # again
  communicator = "ssh"
}
build { sources = ["null.x"] }
