variable "IBM_API_KEY" {
  type      = string
  sensitive = true
  default   = ""
}
variable "SUBNETS" {
  type = map(string)
  default = {
    "us-south-1" = "0717-aaaa"
    "us-south-2" = "0727-bbbb"
  }
}

locals {
  zone      = keys(var.SUBNETS)[0]
  subnet_id = var.SUBNETS[local.zone]
  userdata  = base64encode(<<-EOF
    #!/bin/bash
    echo "zone ${local.zone}" >> /var/log/zone
    EOF
  )
}

source "ibmcloud-vpc" "centos" {
  api_key           = var.IBM_API_KEY
  region            = join("-", slice(split("-", local.zone), 0, 2))
  subnet_id         = local.subnet_id
  vsi_base_image_id = "r026-4e9a4dcc-15c7-4fac-b6ea-e24619059218"
  vsi_profile       = "bx2-2x8"
  vsi_interface     = "public"
  image_name        = "packer-${substr(sha256(local.subnet_id), 0, 10)}"
  communicator      = "ssh"
  ssh_username      = "root"
  timeout           = "30m"
}

build {
  sources = [
    "source.ibmcloud-vpc.centos"
  ]
  provisioner "shell" {
    execute_command = "{{.Vars}} bash '{{.Path}}'"
    inline = [
      "echo '${local.userdata}' | base64 -d",
    ]
  }
}
