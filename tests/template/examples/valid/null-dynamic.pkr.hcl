variable "users" {
  type = map(object({
    shell = string
    keys  = list(string)
  }))
  default = {
    root  = { shell = "/bin/sh", keys = [] }
    admin = { shell = "/bin/bash", keys = ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"] }
  }
}

source "null" "users" {
  communicator = "none"
}

build {
  sources = ["null.users"]

  dynamic "provisioner" {
    for_each = var.users
    iterator = user
    labels   = ["shell-local"]
    content {
      inline = concat(
        ["useradd -s ${user.value.shell} ${user.key}"],
        [for i, key in user.value.keys : "echo '${key}' > ${user.key}.${i}"],
      )
      only = ["null.users"]
    }
  }

  dynamic "post-processor" {
    for_each = keys(var.users)
    labels   = ["shell-local"]
    content {
      inline = ["echo ${post-processor.value}"]
    }
  }
}
