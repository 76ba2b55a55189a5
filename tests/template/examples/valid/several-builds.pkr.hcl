source "null" "first" {
  communicator = "none"
}
source "null" "second" {
  communicator = "none"
}
source "file" "third" {
  content = "3"
  target  = "third.txt"
}

build {
  name    = "pair"
  sources = ["null.first", "source.null.second"]
  provisioner "shell-local" {
    only   = ["null.first"]
    inline = ["echo $PACKER_BUILD_NAME"]
  }
  provisioner "shell-local" {
    except      = ["null.first"]
    command     = "exit 3"
    valid_exit_codes = [0, 3]
  }
}

build {
  name = "third"
  source "file.third" {
    name = "renamed"
  }
  post-processor "artifice" {
    files = ["third.txt"]
  }
}

build {
  sources = [
    "null.first",
  ]
}
