# Everything that a local can be.
variable "who" {
  type    = string
  default = "world"
}
variable "times" {
  type    = number
  default = 3
}
variable "loud" {
  type    = bool
  default = false
}
variable "people" {
  type    = list(string)
  default = ["ada", "grace", "edsger"]
}
variable "ages" {
  type = map(number)
  default = {
    ada    = 36
    grace  = 85
    edsger = 72
  }
}

locals {
  greeting = var.loud ? upper("hello ${var.who}!") : "hello ${var.who}"
  repeated = [for i in range(var.times) : "${i}: ${local.greeting}"]
  oldest   = max(values(var.ages)...)
  adults   = { for name, age in var.ages : title(name) => age if age > 40 }
  initials = join("", [for name in var.people : upper(substr(name, 0, 1))])
  by_size  = { for name in var.people : length(name) => name... }
  nested   = { list = var.people, more = { count = length(var.people), first = var.people[0] } }
  third    = local.nested.more.count / 3
  tenth    = var.times / 10
  none     = null
  tuple    = [1, "two", true, null, [4]]
  empty    = []
  nothing  = {}
  check    = var.times >= 3 && !var.loud || var.who == "nobody"
  percent  = "${var.times * 100 / 7 % 10}%"
  escaped  = "tab\there \"quoted\" back\\slash $${not} %%{this} \u00e9 \U0001F600"
  where    = fileexists("${path.root}/null-values.pkr.hcl")
}

source "null" "values" {
  communicator = "none"
}

build {
  sources = ["source.null.values"]
  provisioner "shell-local" {
    inline = concat(
      ["echo ${local.greeting}"],
      local.repeated
    )
  }
}
