variable "disk" {
  type    = object({ device = string, size = number })
  default = { device = "vda", size = 20480 }
}
variable "packages" {
  type    = set(string)
  default = ["vim-minimal", "chrony", "openssh-server"]
}

locals {
  ks = templatefile("${path.root}/http/ks.pkrtpl.hcl", {
    disk     = var.disk
    packages = var.packages
    password = "$6$salt$hash"
  })
  sections = [for line in split("\n", local.ks) : line if length(regexall("^%[a-z]+$", line)) > 0]
}

source "qemu" "alma" {
  iso_url      = "https://repo.example.org/almalinux/9/minimal.iso"
  iso_checksum = "sha256:${sha256("alma")}"
  http_content = { "/ks.cfg" = local.ks }
  boot_command = ["<tab> inst.ks=http://{{ .HTTPIP }}:{{ .HTTPPort }}/ks.cfg<enter>"]
  disk_size    = "${var.disk.size}M"
  ssh_username = "root"
  ssh_password = "packer"
}

build {
  sources = ["qemu.alma"]
  provisioner "shell" {
    scripts = fileset(path.root, "http/*.sh")
  }
}
