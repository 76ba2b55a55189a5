variable "environment" {
  type = string
}

variable "roles" {
  type = list(string)
}

variable "settings" {
  type    = map(any)
  default = {}
}

variable "owner" {
  type        = string
  description = "Who to call."
  default     = "nobody"
}
