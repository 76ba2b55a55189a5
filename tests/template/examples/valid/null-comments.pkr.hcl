/*
 * A template whose comments are everywhere that one may stand.
 */

# hash
// slashes
variable "a" { # after the brace
  // before the type
  type = string // after the type
  /* before */ default = "x" /* after */
  # at the end
} // after the block

/* between */

locals { # here
  list = [ # opener
    1,     # one
    /* two follows */ 2,
    // alone
    3 # no comma
    # last
  ]
  map = {
    # in a map
    a = 1 // one
    /* b */ b = 2,
    c : 3 # colon
    // end
  }
  sum = 1 + /* inside */ 2
  call = max(
    1, # least
    2  // most
  )
  after = "# not a comment // nor this /* or this */"
  doc = <<EOT
# not a comment
// nor this
EOT
} # end

source "null" /* between labels */ "c" {
  communicator = "none" # nothing to reach
}

build {
  # sources = ["null.d"]
  sources = ["null.c"]

  # provisioner "shell-local" {
  #   inline = ["echo off"]
  # }

  provisioner "shell-local" { inline = ["true"] } # short
}
# the end, without a line break