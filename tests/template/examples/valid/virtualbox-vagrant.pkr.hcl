variable "version" {
  type = string
  default = "0.1.0"
  validation {
    condition = length(regexall("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.version)) > 0
    error_message = "The version must have three numbers."
  }
}

variable "token" {
  type = string
  default = ""
  sensitive = true
}

locals {
  vm_name = "bookworm-${replace(var.version, ".", "_")}"
  vboxmanage = [
    ["modifyvm", "{{.Name}}", "--memory", "2048"],
    ["modifyvm", "{{.Name}}", "--cpus", "2"],
    ["modifyvm", "{{.Name}}", "--nat-localhostreachable1", "on"],
  ]
}

source "virtualbox-iso" "bookworm" {
  guest_os_type           = "Debian_64"
  guest_additions_mode    = "upload"
  guest_additions_path    = "VBoxGuestAdditions_{{.Version}}.iso"
  virtualbox_version_file = ".vbox_version"
  iso_url                 = "https://cdimage.example.org/debian-12.iso"
  iso_checksum            = "file:https://cdimage.example.org/SHA512SUMS"
  vboxmanage              = local.vboxmanage
  vm_name                 = local.vm_name
  hard_drive_interface    = "sata"
  http_directory          = "http"
  boot_command = [
    "<esc><wait>",
    "install <wait>",
    " preseed/url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg <wait>",
    "debian-installer=en_US.UTF-8 auto locale=en_US.UTF-8 kbd-chooser/method=us <wait>",
    "hostname={{ .Name }} domain=local fb=false debconf/frontend=noninteractive <wait>",
    "<enter><wait>",
  ]
  ssh_username     = "vagrant"
  ssh_password     = "vagrant"
  ssh_port         = 22
  ssh_wait_timeout = "3600s"
  shutdown_command = "echo 'vagrant'|sudo -S /sbin/shutdown -hP now"
}

build {
  sources = ["source.virtualbox-iso.bookworm"]

  provisioner "shell" {
    environment_vars  = ["HOME_DIR=/home/vagrant"]
    execute_command   = "echo 'vagrant' | {{.Vars}} sudo -S -E sh -eux '{{.Path}}'"
    expect_disconnect = true
    scripts           = ["${path.root}/scripts/update.sh", "${path.root}/scripts/vagrant.sh", "${path.root}/scripts/cleanup.sh"]
  }

  post-processors {
    post-processor "vagrant" {
      output = "builds/${local.vm_name}.{{.Provider}}.box"
    }
    post-processor "vagrant-registry" {
      client_id     = "id"
      client_secret = var.token
      box_tag       = "example/bookworm"
      version       = "${var.version}"
    }
  }
}
