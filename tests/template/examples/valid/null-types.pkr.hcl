variable "any" {
  type    = any
  default = { mixed = [1, "two", { three = 3 }] }
}
variable "untyped" {
  default = ["a", 1, true]
}
variable "set" {
  type    = set(number)
  default = [3, 1, 2, 3, "1"]
}
variable "tuple" {
  type    = tuple([string, number, bool])
  default = [1, "2", "true"]
}
variable "nested" {
  type = map(list(object({ name = string, weight = number })))
  default = {
    x = [{ name = "a", weight = "1.5", extra = "dropped" }]
    y = []
  }
}
variable "maybe" {
  type    = string
  default = null
}
variable "listed" {
  type    = list(number)
  default = ["1", 2, "3.5"]
}

locals {
  any    = var.any
  third  = var.any.mixed[2].three
  set    = var.set
  tuple  = var.tuple
  nested = var.nested.x[0].weight * 2
  maybe  = var.maybe == null ? "unset" : var.maybe
  listed = var.listed
  first  = var.tuple.0
  types  = [convert("1", number), convert(1, string), convert("true", bool), convert(["1"], list(number))]
}

source "null" "t" {
  communicator = "none"
}
build {
  sources = ["null.t"]
}
