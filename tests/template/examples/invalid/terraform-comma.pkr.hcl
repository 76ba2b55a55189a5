# wrong: line 3: arguments are not separated by commas
source "null" "x" {
  communicator = "none",
  ssh_port     = 22,
}
build { sources = ["null.x"] }
