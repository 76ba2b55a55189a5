variable "flavors" {
  type    = list(map(string))
  default = [{ name = "m1.small", ram = "2048" }, { name = "m1.large", ram = "8192" }]
}

locals {
  names    = var.flavors[*].name
  rams     = var.flavors[*]["ram"]
  total    = sum([for r in local.rams : convert(r, number)])
  old      = var.flavors.*.name
  largest  = local.names[length(local.names) - 1]
  index    = { for i, f in var.flavors : f.name => i }
  has_big  = anytrue([for r in local.rams : convert(r, number) > 4096])
  all_big  = alltrue([for r in local.rams : convert(r, number) > 4096])
  one      = "single"[*]
}

source "openstack" "image" {
  flavor         = local.largest
  image_name     = "debian-${local.index[local.largest]}"
  source_image   = "3f1a0000-0000-4000-8000-000000000000"
  networks       = ["internal"]
  ssh_username   = "debian"
  metadata = {
    os_distro  = "debian"
    os_version = "12"
  }
  image_members   = []
  floating_ip_network = "public"
  reuse_ips = false
}

build {
  sources = ["openstack.image"]
  provisioner "shell" {
    inline = ["df -h", "free -m"]
    timeout = "5m"
  }
}
