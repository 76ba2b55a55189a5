variable "iso" { default = "C:\\ISO\\server.iso" }
variable "switch" { default = "Default Switch" }

source "hyperv-iso" "gen2" {
  generation         = 2
  enable_secure_boot = true
  secure_boot_template = "MicrosoftUEFICertificateAuthority"
  iso_url      = var.iso
  iso_checksum = "none"
  switch_name  = "${var.switch}"
  cpus         = 4
  memory       = "${8 * 1024}"
  disk_size    = 40960
  cd_files     = ["./unattend/*"]
  cd_label     = "cidata"
  boot_command = ["<esc><wait>", "linux /vmlinuz<enter>"]
  communicator     = "ssh"
  ssh_username     = "packer"
  ssh_password     = "packer"
  shutdown_command = "echo 'packer' | sudo -S -E shutdown -P now"
}

build {
  sources = ["source.hyperv-iso.gen2"]

  post-processor "vagrant" {
    output               = "box/{{.Provider}}/gen2.box"
    compression_level    = 6
    keep_input_artifact  = true
    vagrantfile_template = "vagrantfile.tpl"
  }
}
