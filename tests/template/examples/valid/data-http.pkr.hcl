data "http" "releases" {
  url    = "https://api.example.org/releases?per_page=${local.count}"
  method = "GET"
  request_headers = {
    Accept = "application/json"
  }
}

locals {
  count  = 1
  body   = jsondecode(data.http.releases.body)
  latest = local.body[0].tag_name
}

data "git-repository" "here" {
  path = "${path.root}"
}

source "null" "d" {
  communicator = "none"
}

build {
  sources = ["null.d"]
  provisioner "shell-local" {
    inline = [
      "echo ${local.latest}",
      "echo ${data.git-repository.here.head} ${join(",", data.git-repository.here.tags)}",
    ]
  }
}
