variable "nutanix" {
  type = object({
    endpoint = string
    cluster  = string
    subnet   = string
    port     = number
  })
  default = {
    endpoint = "prism.example.org"
    cluster  = "c1"
    subnet   = "vlan.40"
    port     = "9440"
  }
  description = "Where \"Prism\" is, and what to take there."
}

source "nutanix" "centos" {
  nutanix_endpoint = var.nutanix.endpoint
  nutanix_port     = var.nutanix.port
  cluster_name     = var.nutanix.cluster
  os_type          = "Linux"
  image_categories {
    key   = "Environment"
    value = "Testing"
  }
  vm_disks {
    image_type        = "DISK_IMAGE"
    source_image_name = "centos"
    disk_size_gb      = 40
  }
  vm_disks { image_type = "DISK" }
  vm_nics { subnet_name = var.nutanix.subnet }
  user_data = base64encode(templatefile("files/cloud.pkrtpl.hcl", {
    users = ["ops", "ci"], hostname = "img"
  }))
  ssh_username = "ops"
}

build {
  sources = ["source.nutanix.centos"]
  provisioner "shell" {
    inline = ["cloud-init status --wait || true"]
  }
}
