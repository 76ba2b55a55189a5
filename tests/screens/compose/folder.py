"""A template that is a folder of files, for tests."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "base.pkr.hcl": """\
packer {
  required_version = ">= 1.9"
  required_plugins {
    oxide = {
      source  = "github.com/oxidecomputer/oxide"
      version = ">= 0.1.0"
    }
  }
}

source "oxide-instance" "web" {
  project            = "web" # everybody's
  boot_disk_image_id = "ubuntu-24-04"
  cpus               = var.cpus
  ssh_username       = "ubuntu"
  artifact_name      = "web-{{timestamp}}"
}
""",
    "build.pkr.hcl": """\
build {
  name    = "site"
  sources = ["source.oxide-instance.web"]

  # the page
  provisioner "file" {
    content     = "${local.title}\\n"
    destination = "index.html"
  }

  provisioner "shell" {
    inline = ["set -eu", "test -s index.html"]
  }
}
""",
    "variables.pkr.hcl": """\
variable "cpus" {
  type        = number
  default     = 2
  description = "Virtual CPUs while it is built."
}

variable "greeting" {
  type = string
}

locals {
  title = upper(var.greeting)
}
""",
    "site.auto.pkrvars.hcl": 'greeting = "hello"\n',
}


def with_folder(parent: Path, **changed: str) -> Path:
    """The folder, with other texts in the files that are named without what they end in."""
    folder = parent / "site"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.split(".")[0], text))
    return folder
