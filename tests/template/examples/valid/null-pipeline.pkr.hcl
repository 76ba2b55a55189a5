variable "stages" {
  type    = list(string)
  default = ["lint", "test", "ship"]
}

source "null" "pipeline" {
  communicator = "none"
}

build {
  name    = "ci"
  sources = ["source.null.pipeline"]

  provisioner "shell-local" {
    inline = [for s in var.stages : "echo ${s}"]
    env = {
      FIRST = element(var.stages, 0)
      COUNT = "${length(var.stages)}"
    }
    only_on = ["linux", "darwin"]
  }
  provisioner "shell-local" {
    command = "echo {{ build `ID` }} {{ timestamp }}"
  }
  provisioner "shell-local" {
    execute_command = ["/bin/sh", "-c", "{{.Vars}} {{.Script}}"]
    inline          = ["echo $STAGE"]
    environment_vars = [
      "STAGE=${upper(var.stages[2])}",
    ]
    timeout = "30s"
  }
  provisioner "breakpoint" {
    note    = "before the end"
    disable = true
  }

  post-processors {
    post-processor "artifice" {
      files = ["null-pipeline.pkr.hcl"]
    }
    post-processor "checksum" {
      checksum_types = ["sha1"]
      output         = "{{ .BuildName }}.{{ .ChecksumType }}"
    }
    post-processor "shell-local" {
      name   = "tell"
      inline = ["echo shipped"]
    }
  }
}
