# with a byte order mark
source "null" "bom" {
  communicator = "none"
}
build {
  sources = ["null.bom"]
}
