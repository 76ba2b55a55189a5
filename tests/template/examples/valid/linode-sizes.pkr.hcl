variable "linode_token" {
  type      = string
  default   = env("LINODE_TOKEN")
  sensitive = true
  validation {
    condition     = length(var.linode_token) == 0 || length(var.linode_token) > 10
    error_message = "A token has more than ten characters."
  }
}

source "linode" "app" {
  image             = "linode/debian12"
  image_description = "App image with \"quotes\" and a \\ backslash"
  image_label       = "app-${local.stamp}"
  instance_label    = "tmp-${local.stamp}"
  instance_type     = "g6-nanode-1"
  linode_token      = var.linode_token
  region            = "eu-central"
  ssh_username      = "root"
  interface { purpose = "public" }
  interface {
    purpose = "vlan"
    label   = "build"
    ipam_address = "10.0.0.2/24"
  }
}

locals {
  stamp = regex_replace(timestamp(), "[- TZ:]", "")
}

build {
  sources = ["source.linode.app"]
  provisioner "shell" {
    inline = [
      "echo ${build.ID} > /etc/build-id",
      "echo ${build.Host}:${build.Port}",
    ]
  }
}
