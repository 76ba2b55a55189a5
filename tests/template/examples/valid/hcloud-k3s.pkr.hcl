locals {
  k3s      = "v1.30.2+k3s1"
  safe     = replace(local.k3s, "+", "-")
  channels = split(".", trimprefix(local.k3s, "v"))
  minor    = join(".", slice(local.channels, 0, 2))
  labels = {
    os      = "debian"
    k3s     = local.safe
    "minor" = local.minor
  }
}

source "hcloud" "arm" {
  token           = "t"
  image           = "debian-12"
  location        = "fsn1"
  server_type     = "cax11"
  ssh_username    = "root"
  snapshot_name   = "k3s-${local.safe}-{{ timestamp }}"
  snapshot_labels = local.labels
}

build {
  sources = ["hcloud.arm"]
  provisioner "shell" {
    env = {
      INSTALL_K3S_VERSION     = local.k3s
      INSTALL_K3S_SKIP_ENABLE = "true"
    }
    inline = [
      "curl -sfL https://get.example.org/k3s | sh -",
      "k3s --version | grep -F '${local.k3s}'",
    ]
  }
}
