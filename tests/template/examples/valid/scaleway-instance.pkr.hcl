variable "zones" {
  type    = list(string)
  default = ["fr-par-1", "nl-ams-1", "pl-waw-1"]
}
variable "project" {
  type    = string
  default = "00000000-0000-0000-0000-000000000000"
}

locals {
  zones    = { for z in var.zones : split("-", z)[0] => z... }
  primary  = var.zones[0]
  commands = [for c in ["apt-get update", "apt-get -y install curl"] : "DEBIAN_FRONTEND=noninteractive ${c}"]
}

source "scaleway" "web" {
  project_id      = var.project
  zone            = local.primary
  image           = "debian_bookworm"
  commercial_type = "DEV1-S"
  ssh_username    = "root"
  image_name      = "web-${join("-", keys(local.zones))}"
  remove_volume   = true
}

build {
  sources = ["source.scaleway.web"]
  provisioner "shell" { inline = local.commands }
  post-processor "manifest" {}
}
