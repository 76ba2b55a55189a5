build {
  name = "fleet"

  source "null.role" {
    name = "db"
  }
  source "null.role" {
    name = "web"
  }

  provisioner "shell-local" {
    environment_vars = ["TOKEN=${local.secret}", "ROLES=${join(",", local.roles)}"]
    inline           = ["echo $ROLES"]
  }
}
