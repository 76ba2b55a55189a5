variable "omi_name" {
  type    = string
  default = "web-omi"
}
variable "region" {
  type    = string
  default = env("OUTSCALE_REGION")
}

source "outscale-bsu" "web" {
  region                      = var.region
  vm_type                     = "tinav5.c1r1p1"
  omi_name                    = "${var.omi_name} ${formatdate("YYYY-MM-DD hh-mm", timestamp())}"
  associate_public_ip_address = true
  force_deregister            = true
  ssh_username                = "outscale"

  source_omi_filter {
    filters = {
      image-name = "Debian-12-*"
    }
    owners = ["Outscale"]
  }

  launch_block_device_mappings {
    delete_on_vm_deletion = true
    device_name           = "/dev/sda1"
    volume_size           = 10
    volume_type           = "standard"
  }
}

build {
  sources = ["source.outscale-bsu.web"]
  provisioner "shell" {
    inline = ["sudo apt-get -y install apache2"]
  }
}
