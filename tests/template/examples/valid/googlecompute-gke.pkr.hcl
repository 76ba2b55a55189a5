locals {
  project = "example-images"
  families = {
    x86_64 = { machine = "e2-standard-4", base = "debian-12" }
    arm64  = { machine = "t2a-standard-4", base = "debian-12-arm64" }
  }
  machines = { for arch, f in local.families : arch => f.machine }
  suffix   = { for arch in keys(local.families) : arch => arch == "arm64" ? "-arm64" : "" }
}

source "googlecompute" "node" {
  project_id   = local.project
  zone         = "europe-west4-a"
  ssh_username = "packer"
  use_internal_ip = true
  omit_external_ip = true
  metadata = {
    enable-oslogin = "FALSE"
    "block-project-ssh-keys" = "TRUE"
  }
  image_labels = { for k, v in local.machines : replace(k, "_", "-") => v }
}

build {
  dynamic "source" {
    for_each = local.families
    iterator = family
    labels   = ["googlecompute.node"]
    content {
      name                = family.key
      machine_type        = family.value.machine
      source_image_family = family.value.base
      image_name          = "node${local.suffix[family.key]}-{{timestamp}}"
    }
  }
  provisioner "ansible-local" {
    playbook_file = "site.yml"
    role_paths    = [for r in ["base", "kubelet", "hardening"] : "roles/${r}"]
  }
}
