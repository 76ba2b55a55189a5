packer {
  required_plugins {
    proxmox = {
      version = ">= 1.1.3, < 2.0.0"
      source  = "github.com/hashicorp/proxmox"
    }
  }
}

variable "proxmox_url" {
  type    = string
  default = env("PROXMOX_URL")
}

variable "proxmox_token" {
  type      = string
  default   = env("PROXMOX_TOKEN")
  sensitive = true
}

variable "node" {
  default = "pve1"
}

variable "disks" {
  type = list(object({
    size = string
    pool = string
    ssd  = bool
  }))
  default = [
    { size = "20G", pool = "local-zfs", ssd = true },
    { size = "100G", pool = "ceph", ssd = false },
  ]
}

source "proxmox-iso" "rocky" {
  proxmox_url              = var.proxmox_url
  username                 = "packer@pve!ci"
  token                    = var.proxmox_token
  insecure_skip_tls_verify = true
  node                     = var.node

  vm_name              = "rocky9"
  vm_id                = 9000
  template_description = "Rocky Linux 9, built on ${formatdate("DD MMM YYYY", timestamp())}"
  os                   = "l26"
  cores                = "4"
  memory               = 4096
  scsi_controller      = "virtio-scsi-single"

  dynamic "disks" {
    for_each = var.disks
    iterator = disk
    content {
      type         = "scsi"
      disk_size    = disk.value.size
      storage_pool = disk.value.pool
      ssd          = disk.value.ssd
      io_thread    = disk.key == 0
    }
  }

  network_adapters {
    bridge   = "vmbr0"
    model    = "virtio"
    vlan_tag = "40"
  }

  boot_iso {
    iso_file = "local:iso/Rocky-9-minimal.iso"
    unmount  = true
  }

  http_directory = "${path.root}/http"
  boot_command = [
    "<up><tab> ", "inst.text ",
    "inst.ks=http://{{.HTTPIP}}:{{.HTTPPort}}/ks.cfg",
    "<enter>"
  ]
  cloud_init              = true
  cloud_init_storage_pool = "local-zfs"

  ssh_username         = "root"
  ssh_private_key_file = pathexpand("~/.ssh/id_ed25519")
  ssh_timeout          = "20m"
}

build {
  sources = ["source.proxmox-iso.rocky"]
  provisioner "ansible" {
    playbook_file    = "./playbook.yml"
    user             = "root"
    use_proxy        = false
    extra_arguments  = ["--extra-vars", jsonencode({ node = var.node, hardened = true })]
    ansible_env_vars = ["ANSIBLE_HOST_KEY_CHECKING=False", "ANSIBLE_NOCOLOR=True"]
  }
}
