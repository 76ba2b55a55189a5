variable "spot" {
  type    = bool
  default = true
}

variable "volumes" {
  type = list(object({ device = string, size = number, encrypted = bool }))
  default = [
    { device = "/dev/xvda", size = 30, encrypted = true },
    { device = "/dev/xvdb", size = 100, encrypted = false },
  ]
}

source "amazon-ebs" "arm" {
  ami_name      = "arm-{{timestamp}}"
  region        = "us-west-2"
  ssh_username  = "ec2-user"
  spot_price    = var.spot ? "auto" : null
  spot_instance_types = var.spot ? ["c7g.large", "c6g.large"] : null
  instance_type       = var.spot ? null : "c7g.large"
  ssh_interface = "session_manager"
  iam_instance_profile = "packer"
  imds_support  = "v2.0"

  source_ami_filter {
    filters = {
      name         = "al2023-ami-2023.*-arm64"
      architecture = "arm64"
    }
    owners      = ["amazon"]
    most_recent = true
  }

  dynamic "launch_block_device_mappings" {
    for_each = var.volumes
    content {
      device_name           = launch_block_device_mappings.value.device
      volume_size           = launch_block_device_mappings.value["size"]
      encrypted             = launch_block_device_mappings.value.encrypted
      volume_type           = "gp3"
      delete_on_termination = true
    }
  }

  temporary_iam_instance_profile_policy_document {
    Version = "2012-10-17"
    Statement {
      Effect   = "Allow"
      Action   = ["ssm:*"]
      Resource = ["*"]
    }
  }

  run_tags = {
    Name = "packer-arm"
  }
}

build {
  sources = ["source.amazon-ebs.arm"]
  provisioner "shell" {
    inline       = ["sudo dnf -y upgrade", "sudo reboot"]
    expect_disconnect = true
  }
  provisioner "shell" {
    pause_before        = "30s"
    start_retry_timeout = "10m"
    inline              = ["uname -m | grep -q aarch64"]
  }
}
