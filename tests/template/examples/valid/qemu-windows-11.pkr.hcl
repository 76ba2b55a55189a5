variable "memory" { default = 8192 }
variable "virtio_iso" {
  type    = string
  default = "virtio-win.iso"
}
variable "answers" {
  type = map(string)
  default = {
    "autounattend.xml" = "autounattend/uefi.xml"
    "bootstrap.ps1"    = "scripts/bootstrap.ps1"
  }
}

locals {
  drives = [
    "file=${var.virtio_iso},media=cdrom,index=3",
    "file=output/win11,if=virtio,cache=writeback,discard=ignore,format=qcow2,index=1",
  ]
  args = concat(
    [["-cpu", "host,hv_relaxed,hv_vapic,hv_spinlocks=0x1fff"], ["-m", "${var.memory}"]],
    [for drive in local.drives : ["-drive", drive]],
    [["-boot", "order=c,order=d"]]
  )
}

source "qemu" "win11" {
  efi_boot         = true
  efi_firmware_code = "/usr/share/OVMF/OVMF_CODE.fd"
  efi_firmware_vars = "/usr/share/OVMF/OVMF_VARS.fd"
  vtpm             = true
  tpm_device_type  = "tpm-crb"
  cd_files         = values(var.answers)
  cd_label         = "cidata"
  boot_command     = ["<enter><wait><enter>"]
  boot_wait        = "1s"
  communicator     = "winrm"
  winrm_username   = "vagrant"
  winrm_password   = "vagrant"
  winrm_timeout    = "${2 * 60}m"
  disk_size        = "${64 * 1024}M"
  qemuargs         = local.args
  iso_url          = "win11.iso"
  iso_checksum     = "none"
  shutdown_command = "shutdown /s /t 10 /f /d p:4:1 /c \"Packer Shutdown\""
}

build {
  sources = ["source.qemu.win11"]
  provisioner "windows-shell" {
    execute_command = "{{ .Vars }} cmd /c C:/Windows/Temp/script.bat"
    remote_path     = "c:/Windows/Temp/script.bat"
    scripts         = ["./scripts/enable-rdp.bat"]
  }
  provisioner "powershell" {
    inline = [<<-PS1
      $ErrorActionPreference = 'Stop'
      foreach ($name in @('a', 'b')) {
        Write-Host "$name = $($Env:USERNAME)" # ${var.memory} MB
      }
      PS1
    ]
  }
  provisioner "windows-restart" {
    restart_check_command = "powershell -command \"& {Write-Output 'restarted.'}\""
  }
}
