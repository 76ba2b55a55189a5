# wrong: line 3: the marker EOF never comes
locals {
  script = <<EOF
echo one
  EOT
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
