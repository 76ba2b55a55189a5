# wrong: line 3: the default does not hold the rule of line 6
variable "size" {
  default = "huge"
  type    = string
  validation {
    condition     = contains(["small", "large"], var.size)
    error_message = "Choose small or large."
  }
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
