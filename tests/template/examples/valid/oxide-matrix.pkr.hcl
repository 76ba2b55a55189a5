// One source, three sizes; each adds what the others leave alone.
locals {
  gib   = pow(2, 30)
  sizes = { small = 1, medium = 4, large = 16 }
  names = sort([for name, cpus in local.sizes : name if cpus > 1])
}

source "oxide-instance" "node" {
  project            = "ci"
  boot_disk_image_id = "7d2ccd5b-4d22-4a1c-9a10-000000000001"
  ssh_username       = "core"
  artifact_os        = "linux"
  artifact_version   = formatdate("YYYY.MM.DD", timestamp())
}

build {
  name        = "nodes"
  description = <<DOC
Nodes of the build farm: ${join(", ", local.names)}.
Only those with more than one CPU are for compiling.
DOC

  source "oxide-instance.node" {
    name          = "small"
    cpus          = local.sizes.small
    memory        = 2 * local.gib
    artifact_name = "node-small"
  }
  source "oxide-instance.node" {
    name          = "medium"
    cpus          = local.sizes["medium"]
    memory        = 8 * local.gib
    artifact_name = "node-medium"
  }
  source "oxide-instance.node" {
    name          = "large"
    cpus          = lookup(local.sizes, "large", 8)
    memory        = 64 * local.gib
    artifact_name = "node-large"
  }

  provisioner "shell" {
    inline = ["echo ${source.name} of ${source.type} for ${build.name}"]
    override = {
      large = {
        inline = ["echo large", "nproc"]
      }
    }
  }

  provisioner "breakpoint" {
    disable = true
    note    = "look at ${source.name}"
  }

  provisioner "shell" {
    only   = ["oxide-instance.medium", "oxide-instance.large"]
    script = "compilers.sh"
  }
  provisioner "shell" {
    except = ["oxide-instance.large"]
    inline = ["rm -rf /var/cache/large"]
  }
}
