# wrong: line 3: typographic quotes, as pasted from a document
source "null" "x" {
  communicator = “none”
}
build { sources = ["null.x"] }
