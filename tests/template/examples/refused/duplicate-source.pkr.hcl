# wrong: line 5: the source null.x is declared twice
source "null" "x" {
  communicator = "none"
}
source "null" "x" {
  communicator = "none"
}
build { sources = ["null.x"] }
