variable "vm" {
  type = object({
    name    = optional(string, "photon")
    cpus    = optional(number, 2)
    memory  = optional(number, 2048)
    disks   = optional(list(number), [8192])
    network = optional(object({ type = optional(string, "nat"), mac = optional(string) }), {})
  })
  default = { cpus = 4 }
}

locals {
  vmx = merge(
    { "ethernet0.virtualDev" = "vmxnet3" },
    var.vm.network.mac == null ? {} : { "ethernet0.address" = var.vm.network.mac },
  )
}

source "vmware-iso" "photon" {
  vm_name              = var.vm.name
  guest_os_type        = "vmware-photon-64"
  cpus                 = var.vm.cpus
  memory               = var.vm.memory
  disk_size            = var.vm.disks[0]
  disk_additional_size = slice(var.vm.disks, 1, length(var.vm.disks))
  network              = var.vm.network.type
  vmx_data             = local.vmx
  vmx_data_post        = { "guestinfo.done" = "TRUE" }
  iso_url              = "https://packages.example.org/photon/5.0.iso"
  iso_checksum         = "md5:00000000000000000000000000000000"
  boot_command         = ["<esc><wait>vmlinuz initrd=initrd.img root=/dev/ram0 loglevel=3 ks=http://{{ .HTTPIP }}:{{ .HTTPPort }}/ks.json photon.media=cdrom<enter>"]
  ssh_username         = "root"
  ssh_password         = "VMware1!"
  shutdown_command     = "shutdown -h now"
}

build {
  sources = ["source.vmware-iso.photon"]
  provisioner "shell" {
    inline = ["tdnf -y update", "echo -n > /etc/machine-id"]
  }
}
