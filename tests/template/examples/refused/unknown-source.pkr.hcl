# wrong: line 4: no source null.y is declared
source "null" "x" { communicator = "none" }
build {
  sources = ["null.y"]
}
