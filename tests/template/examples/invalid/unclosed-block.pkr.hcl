# wrong: the block of line 3 is not closed
locals { a = 1 }
source "null" "x" {
  communicator = "none"

build {
  sources = ["null.x"]
}
