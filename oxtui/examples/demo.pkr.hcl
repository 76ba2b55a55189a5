# The demo of oxtui: a small web page baked into an image. It needs no network and no package manager.
packer {
  required_plugins {
    oxide = {
      source  = "github.com/oxidecomputer/oxide"
      version = ">= 0.9.0"
    }
  }
}

variable "greeting" {
  type        = string
  default     = "Hello from an image that oxtui made."
  description = "What the page says."
}

source "oxide-instance" "hello" {
  project            = "web"
  boot_disk_image_id = "ubuntu-24-04"
  boot_disk_size     = 21474836480
  ssh_username       = "ubuntu"
  artifact_name      = "hello-{{timestamp}}"
  artifact_version   = "24.04-hello"
}

build {
  sources = ["source.oxide-instance.hello"]

  provisioner "file" {
    content     = "${var.greeting}\n"
    destination = "greeting.txt" # in the home of the user who logs in
  }

  provisioner "shell" {
    inline_shebang = "/bin/bash -e"
    remote_folder  = "." # the demo also runs where a guest may write nowhere but in its own folder
    inline = [
      "echo \"Preparing $(hostname) as $(id -un)\"",
      "www=\"$${OXTUI_ROOT:-}/srv/www\"",
      "sudo mkdir -p \"$www\"",
      "sudo install -m 644 greeting.txt \"$www/index.txt\"",
      "rm greeting.txt",
    ]
  }

  provisioner "breakpoint" {
    note = "The page is in place: open a shell and look at /srv/www"
  }

  provisioner "shell" {
    environment_vars = ["PAGE=/srv/www/index.txt"]
    remote_folder    = "."
    inline = [
      "for step in fetch unpack check; do echo \"$step: ok\"; done",
      "cat \"$${OXTUI_ROOT:-}$PAGE\"",
    ]
  }
}
