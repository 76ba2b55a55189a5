"""A template of 2,000 lines, as large ones are: many variables, locals, sources and provisioners."""

from __future__ import annotations

LINES = 2_000
_HEAD = """packer {
  required_version = ">= 1.7.0"
  required_plugins {
    oxide = {
      source  = "github.com/oxidecomputer/oxide"
      version = ">= 0.7.0"
    }
  }
}

"""
_PART = """# Everything about part {n}.
variable "size_{n}" {{
  type        = number
  default     = {n}
  description = "How large part {n} is."
  validation {{
    condition     = var.size_{n} >= 0 && var.size_{n} < 1000
    error_message = "The size of part {n} must be below 1000."
  }}
}}

locals {{
  name_{n}  = "part-${{var.size_{n}}}"
  tags_{n}  = merge({{ Name = local.name_{n} }}, {{ for i in range(3) : "k${{i}}" => upper("v${{i}}") }})
  ports_{n} = [for p in [80, 443, 8080] : p + var.size_{n} if p > 100] # those that are free
}}

source "oxide-instance" "part_{n}" {{
  project            = "images"
  boot_disk_image_id = "7d2ccd5b-4d22-4a1c-9a10-000000000001"
  cpus               = var.size_{n} > 500 ? 8 : 2
  memory             = 4 * pow(1024, 3)
  artifact_name      = "${{local.name_{n}}}-image"
  ssh_username       = "ubuntu"
}}

build {{
  name    = "part_{n}"
  sources = ["source.oxide-instance.part_{n}"]

  provisioner "shell" {{
    environment_vars = [for k, v in local.tags_{n} : "${{k}}=${{v}}"]
    inline = [
      "set -eu",
      "echo ${{join(",", local.ports_{n})}} > /etc/ports", // read by the service
      "sudo apt-get install -y nginx",
    ]
  }}

  provisioner "file" {{
    content     = <<-EOT
      [part]
      name = ${{local.name_{n}}}
      size = ${{var.size_{n}}}
    EOT
    destination = "/tmp/part.conf"
  }}

  post-processor "manifest" {{
    output = "part-{n}.json"
  }}
}}

"""


def template_text(lines: int = LINES) -> str:
    """A valid template of at least so many lines."""
    count = -(-(lines - _HEAD.count("\n")) // _PART.count("\n"))
    return _HEAD + "".join(_PART.format(n=n) for n in range(count))
