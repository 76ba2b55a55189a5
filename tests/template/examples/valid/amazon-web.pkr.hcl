# Web servers in several regions, from the newest image of the distribution.
variable "region" {
  type    = string
  default = "eu-central-1"
  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "The region must look like eu-central-1."
  }
}
variable "copies" {
  type    = list(string)
  default = ["eu-west-1", "us-east-2"]
}
variable "tags" {
  type    = map(string)
  default = { Team = "platform", CostCenter = "4711" }
}

data "amazon-ami" "base" {
  filters = {
    name                = "debian-12-amd64-*"
    root-device-type    = "ebs"
    virtualization-type = "hvm"
  }
  most_recent = true
  owners      = ["136693071363"]
  region      = var.region
}

locals {
  stamp    = formatdate("YYYYMMDDhhmmss", timestamp())
  ami_name = "web-${local.stamp}"
  all_tags = merge(var.tags, {
    Name   = local.ami_name
    Base   = data.amazon-ami.base.name
    Regions = join(",", concat([var.region], var.copies))
  })
}

source "amazon-ebs" "web" {
  ami_name      = local.ami_name
  ami_regions   = var.copies
  instance_type = "t3.small"
  region        = var.region
  source_ami    = data.amazon-ami.base.id
  ssh_username  = "admin"
  tags          = local.all_tags

  launch_block_device_mappings {
    device_name           = "/dev/xvda"
    delete_on_termination = true
    volume_size           = 12
    volume_type           = "gp3"
  }

  dynamic "tag" { # beside tags, for the run's own volumes
    for_each = var.tags
    content {
      key   = tag.key
      value = upper(tag.value)
    }
  }
}

build {
  name    = "web"
  sources = ["source.amazon-ebs.web"]

  provisioner "file" {
    source      = "files/nginx.conf"
    destination = "/tmp/nginx.conf"
  }

  provisioner "shell" {
    environment_vars = [for k, v in var.tags : "TAG_${upper(k)}=${v}"]
    script           = "scripts/web.sh"
    pause_before     = "10s"
    max_retries      = 3
  }

  post-processors {
    post-processor "manifest" {
      output     = "web.json"
      strip_path = true
    }
    post-processor "shell-local" {
      inline = ["jq -r '.builds[-1].artifact_id' web.json"]
    }
  }
}
