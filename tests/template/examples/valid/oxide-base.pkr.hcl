packer {
  required_plugins {
    oxide = {
      source  = "github.com/oxidecomputer/oxide"
      version = ">= 0.7.0"
    }
  }
}

variable "project" {
  type        = string
  description = "Project that the temporary instance is made in."
  default     = "images"
}

variable "base" {
  type    = string
  default = "ubuntu-24-04"
}

data "oxide-image" "base" {
  name = var.base
}

source "oxide-instance" "base" {
  project            = var.project
  boot_disk_image_id = data.oxide-image.base.image_id
  boot_disk_size     = 20 * pow(1024, 3)
  cpus               = 2
  memory             = 4294967296
  artifact_name      = "base-{{timestamp}}"
  ssh_username       = "ubuntu"
  ip_pool            = "default"
}

build {
  sources = ["source.oxide-instance.base"]

  provisioner "shell" {
    inline = [
      "set -eu",
      "sudo apt-get update",
      "sudo apt-get install -y nginx",
      "sync",
    ]
  }

  error-cleanup-provisioner "shell" {
    inline = ["sudo journalctl -b --no-pager | tail -n 200"]
  }
}
