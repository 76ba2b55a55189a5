# unquoted labels, as some images are built with
variable headless {
  type = bool
  default = true
}
variable ks_proxy {
  type = string
  default = "${env("KS_PROXY")}"
}
variable ks_mirror {
  type    = string
  default = "https://mirror.example.org/9"
}

locals {
  ks_proxy      = var.ks_proxy != "" ? "--proxy=${var.ks_proxy}" : ""
  ks_os_repos   = "--url=${var.ks_mirror}/BaseOS/x86_64/os/ ${local.ks_proxy}"
  ks_repos = {
    appstream = "--baseurl=${var.ks_mirror}/AppStream/x86_64/os/"
    extras    = "--baseurl=${var.ks_mirror}/extras/x86_64/os/"
  }
  repo_lines = [for name, url in local.ks_repos : "repo --name=\"${name}\" ${url}"]
}

source qemu maas {
  boot_wait = "3s"
  iso_url = "https://mirror.example.org/9/minimal.iso"
  iso_checksum = "none"
  headless = var.headless
  memory = 2048
  qemuargs = [["-serial", "stdio"], ["-cpu", "host"]]
  shutdown_command = "poweroff"
  ssh_username = "root"
  http_content = {
    "/maas.ks" = join("\n", local.repo_lines)
  }
}

build {
  sources = ["source.qemu.maas"]

  post-processor shell-local {
    inline = [
      "SOURCE=$${BUILD_NAME}",
      "OUTPUT=maas.tar.gz",
      "source ./scripts/tar-root"
    ]
    inline_shebang = "/bin/bash -e"
  }
}
