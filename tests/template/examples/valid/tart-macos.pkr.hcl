packer {
  required_plugins {
    tart = {
      version = ">= 1.12.0"
      source  = "github.com/cirruslabs/tart"
    }
  }
}

variable "macos_version" {
  type =  string
}

variable "xcode_version" {
  type =  list(string)
  default = ["15.4", "16.0"]
}

variable "tag" {
  type    = string
  default = ""
}

source "tart-cli" "tart" {
  vm_base_name = "${var.macos_version}-base"
  // use tag or the last element of the xcode_version list
  vm_name      = "${var.macos_version}-xcode:${var.tag != "" ? var.tag : var.xcode_version[0]}"
  cpu_count    = 4
  memory_gb    = 8
  disk_size_gb = 120
  headless     = true
  ssh_password = "admin"
  ssh_username = "admin"
  ssh_timeout  = "120s"
}

locals {
  xcode_install_provisioners = [
    for version in reverse(sort(var.xcode_version)) : {
      type = "shell"
      inline = [
        "source ~/.zprofile",
        "sudo xcodes install ${version} --experimental-unxip --path /Users/admin/Downloads/Xcode_${version}.xip --select --empty-trash",
        "XCODE_PATH=$(xcodes select -p | head -1)",
        "xcodebuild -downloadPlatform iOS",
      ]
    }
  ]
}

build {
  sources = ["source.tart-cli.tart"]

  dynamic "provisioner" {
    for_each = local.xcode_install_provisioners
    labels = ["shell"]
    content {
      inline = provisioner.value.inline
    }
  }

  // iPhone simulators
  provisioner "shell" {
    inline = [
      "source ~/.zprofile",
      "df -h",
      "export FREE_MB=$(df -m | awk '{print $4}' | sed -n '2 p')",
      "[[ $FREE_MB -gt 15000 ]] && echo OK || exit 1"
    ]
  }
}
