# wrong: line 2: a source has two labels
source "null" {
  communicator = "none"
}
build { sources = ["null.x"] }
