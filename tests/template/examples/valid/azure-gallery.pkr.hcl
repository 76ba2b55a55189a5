variable "client_id" { type = string }
variable "client_secret" {
  type      = string
  sensitive = true
}
variable "subscription" {
  type    = string
  default = null
}
variable "regions" {
  type    = list(string)
  default = ["westeurope", "northeurope"]
}

locals {
  version = formatdate("YYYY.MMDD.hhmm", timestamp())
  tags = {
    "built-by" = "packer"
    "version"  = local.version
    stage      = "dev"
  }
}

source "azure-arm" "gallery" {
  client_id       = var.client_id
  client_secret   = var.client_secret
  subscription_id = coalesce(var.subscription, "00000000-0000-0000-0000-000000000000")

  image_publisher = "canonical"
  image_offer     = "0001-com-ubuntu-server-jammy"
  image_sku       = "22_04-lts-gen2"
  os_type         = "Linux"
  vm_size         = "Standard_DS2_v2"

  shared_image_gallery_destination {
    resource_group       = "images"
    gallery_name         = "gallery"
    image_name           = "jammy"
    image_version        = local.version
    replication_regions  = var.regions
    storage_account_type = "Standard_LRS"
  }

  azure_tags = local.tags
}

build {
  sources = ["azure-arm.gallery"]
  provisioner "shell" {
    execute_command = "chmod +x {{ .Path }}; {{ .Vars }} sudo -E sh '{{ .Path }}'"
    inline = [
      "/usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0 && sync"
    ]
    inline_shebang = "/bin/sh -x"
  }
}
