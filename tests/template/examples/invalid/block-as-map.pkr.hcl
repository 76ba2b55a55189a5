# wrong: line 3: a colon cannot stand after an argument's name
source "null" "x" {
  communicator: "none"
}
build { sources = ["null.x"] }
