# wrong: line 9, the end: the marker EOF of line 3 never comes
locals {
  script = <<EOF
echo one
  EOT
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
