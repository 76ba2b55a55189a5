variable "host" {
  type    = string
  default = "127.0.0.1"
}
variable "password" {
  type      = string
  default   = "hunter2"
  sensitive = true
}

source "null" "existing" {
  ssh_host     = var.host
  ssh_port     = 2222
  ssh_username = "admin"
  ssh_password = var.password
  ssh_timeout  = "15s"
  ssh_pty      = true
}

build {
  sources = ["source.null.existing"]

  provisioner "file" {
    source      = "${path.root}/null-ssh.pkr.hcl"
    destination = "/tmp/"
  }
  provisioner "shell" {
    remote_folder   = "/var/tmp"
    skip_clean      = true
    inline_shebang  = "/bin/bash -ex"
    execute_command = "chmod +x {{ .Path }}; sudo -S env {{ .Vars }} {{ .Path }}"
    inline = [
      "hostname",
      "id -un",
      "test -f /tmp/null-ssh.pkr.hcl",
    ]
    valid_exit_codes = [0, 100]
  }
  provisioner "file" {
    direction   = "download"
    source      = "/etc/os-release"
    destination = "downloads/"
  }
}
