source "null" "role" {
  communicator = "none"
}
