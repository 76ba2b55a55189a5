locals {
  int       = 42
  big       = 123456789012345678901234567890
  frac      = 0.1 + 0.2
  third     = 1 / 3
  neg       = -5 % 3
  exp       = 1.5e3
  small     = 2e-7
  text      = "value: ${1e3} ${0.5} ${10 / 4}"
  coerced   = "5" + "6"
  mixed     = "2" * 3.5
  compare   = [1 == 1.0, 1 == "1", 2 > 1, "a" == "a", true != false]
  priority  = 1 + 2 * 3 - 4 / 2 % 3
  grouped   = (1 + 2) * (3 - 4)
  logic     = true || false && false
  inverted  = !(1 > 2) && !false
  nested    = 1 > 0 ? 2 > 3 ? "a" : "b" : "c"
  chained   = 10 - 3 - 2
  power     = pow(2, 64)
  root      = pow(2, 0.5)
  kib       = 64 * pow(1024, 1)
  minutes   = floor(3725 / 60)
  leftover  = 3725 % 60
  negative  = -(-3)
  zero      = -0
  unify     = true ? 1 : "two"
  list      = false ? [1] : ["x"]
}

source "null" "n" { communicator = "none" }
build { sources = ["null.n"] }
