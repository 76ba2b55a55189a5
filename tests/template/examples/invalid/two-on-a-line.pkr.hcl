# wrong: line 2: two arguments on one line
locals { a = 1 b = 2 }
source "null" "x" { communicator = "none" }
build { sources = ["null.x"] }
