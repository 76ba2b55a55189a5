packer {
  required_version = ">= 1.7.0"
  required_plugins {
    qemu = {
      version = "~> 1.1"
      source  = "github.com/hashicorp/qemu"
    }
  }
}

variable "headless" {
  type        = bool
  default     = true
  description = "Whether the installer's window stays hidden."
}

variable "iso_url" {
  type    = string
  default = "https://releases.example.org/24.04/live-server-amd64.iso"
}

variable "iso_checksum" {
  type    = string
  default = "file:https://releases.example.org/24.04/SHA256SUMS"
}

locals {
  boot_wait = 5
  user_data = {
    "/meta-data" = ""
    "/user-data" = <<-YAML
      #cloud-config
      autoinstall:
        version: 1
        identity:
          hostname: base
          username: packer
        late-commands:
          - curtin in-target -- systemctl disable ${join(" ", local.unwanted)}
      YAML
  }
  unwanted = ["snapd", "apport"]
}

source "qemu" "noble" {
  accelerator      = "kvm"
  boot_command     = ["c<wait>", "linux /casper/vmlinuz --- autoinstall ds='nocloud;s=http://{{ .HTTPIP }}:{{ .HTTPPort }}/'", "<enter><wait>", "initrd /casper/initrd<enter>", "boot<enter>"]
  boot_wait        = "${local.boot_wait}s"
  cpus             = 2
  disk_size        = "10G"
  format           = "qcow2"
  headless         = var.headless
  http_content     = local.user_data
  iso_checksum     = var.iso_checksum
  iso_url          = var.iso_url
  memory           = 4 * 1024
  output_directory = "output/${source.name}"
  shutdown_command = "echo packer | sudo -S shutdown -P now"
  ssh_password     = "packer"
  ssh_timeout      = "30m"
  ssh_username     = "packer"
  qemuargs = [
    ["-m", "${4 * 1024}M"],
    ["-smp", "cpus=2"],
  ]
}

build {
  sources = ["source.qemu.noble"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh '{{ .Path }}'"
    inline          = ["apt-get update", "apt-get -y dist-upgrade", "cloud-init clean --logs"]
  }

  post-processor "checksum" {
    checksum_types = ["sha256"]
    output         = "output/{{.BuildName}}.{{.ChecksumType}}"
  }
}
