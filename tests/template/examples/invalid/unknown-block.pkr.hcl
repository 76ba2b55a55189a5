# wrong: line 2: sources is no block that a template has
sources "null" "x" {
  communicator = "none"
}
build { sources = ["null.x"] }
