variable "vsphere" {
  type = object({
    server   = string
    username = string
    cluster  = string
    insecure = bool
  })
  default = {
    server   = "vcenter.example.org"
    username = "packer@vsphere.local"
    cluster  = "lab"
    insecure = false
  }
}

variable "vsphere_password" {
  type      = string
  default   = "not-a-real-one"
  sensitive = true
}

variable "editions" {
  type = map(object({ index = number, key = string }))
  default = {
    standard   = { index = 2, key = "" }
    datacenter = { index = 4, key = "AAAAA-BBBBB" }
  }
}

source "vsphere-iso" "windows" {
  vcenter_server      = var.vsphere.server
  username            = var.vsphere.username
  password            = var.vsphere_password
  insecure_connection = var.vsphere.insecure
  cluster             = var.vsphere.cluster

  guest_os_type = "windows2019srvNext_64Guest"
  firmware      = "efi-secure"
  CPUs          = 4
  RAM           = 8192
  disk_controller_type = ["pvscsi"]

  storage {
    disk_size             = 61440
    disk_thin_provisioned = true
  }
  network_adapters {
    network      = "VM Network"
    network_card = "vmxnet3"
  }

  iso_paths = ["[iso] windows/server-2022.iso", "[] /vmimages/tools-isoimages/windows.iso"]
  boot_command = ["<spacebar>"]
  boot_wait = "3s"
  communicator   = "winrm"
  winrm_username = "Administrator"
  winrm_password = var.vsphere_password
  winrm_timeout  = "4h"

  shutdown_command = "shutdown /s /t 10 /f /d p:4:1"
}

build {
  dynamic "source" {
    for_each = var.editions
    labels   = ["vsphere-iso.windows"]
    content {
      name    = source.key
      vm_name = "win-${source.key}"
      floppy_content = {
        "autounattend.xml" = templatefile("files/answers.pkrtpl.hcl", {
          index = source.value.index
          key   = source.value.key
        })
      }
    }
  }

  provisioner "powershell" {
    elevated_user     = "SYSTEM"
    elevated_password = ""
    inline = [
      "Set-ExecutionPolicy -ExecutionPolicy RemoteSigned -Force",
      "Get-ChildItem Env: | Where-Object { $_.Name -like 'PACKER*' }",
      "Write-Output \"Price: $$5 in C:\\Temp\"",
    ]
  }
  provisioner "windows-update" {
    search_criteria = "IsInstalled=0"
    filters         = ["exclude:$_.Title -like '*Preview*'", "include:$true"]
    update_limit    = 25
  }
  provisioner "windows-restart" { restart_timeout = "15m" }
}
