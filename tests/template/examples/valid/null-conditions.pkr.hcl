variable "environment" {
  type    = string
  default = "production"
  validation {
    condition     = contains(["development", "staging", "production"], var.environment)
    error_message = "The environment must be development, staging or production."
  }
}
variable "replicas" {
  type    = number
  default = 3
  validation {
    condition     = var.replicas > 0 && var.replicas % 2 == 1
    error_message = "An odd number of replicas is needed."
  }
}
variable "cidr" {
  type    = string
  default = "10.1.0.0/16"
  validation {
    condition     = can(cidrnetmask(var.cidr))
    error_message = "Must be a network, such as 10.1.0.0/16."
  }
}

locals {
  production = var.environment == "production"
  size = (
    local.production
    ? "large"
    : var.environment == "staging"
    ? "medium"
    : "small"
  )
  debug   = local.production ? null : "1"
  message = "Environment: %{ if local.production }PRODUCTION%{ else }${var.environment}%{ endif }"
  subnets = local.production ? cidrsubnets(var.cidr, 8, 8, 4) : [var.cidr]
  extra   = local.production ? { backup = true } : {}
}

source "null" "c" {
  communicator = "none"
}
build {
  sources = ["null.c"]
  provisioner "shell-local" {
    inline = local.production ? ["echo careful"] : ["echo go", "echo on"]
  }
}
