# What a var file may hold.
region        = "eu-west-1"
instance_type = "t3.micro"
tags = {
  Owner       = "me"
  "Cost Unit" = "42"
}
zones   = ["a", "b", ]
count   = 3
enabled = true
nothing = null
script  = <<-EOT
  #!/bin/sh
  echo hello
EOT
