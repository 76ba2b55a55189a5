# wrong: line 7: the message is no sentence
variable "port" {
  type    = number
  default = 22
  validation {
    condition     = var.port < 65536
    error_message = "too large"
  }
}
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
