locals {
  parts    = split("/", "github.com/org/name")
  owner    = element(local.parts, 1)
  slug     = lower(replace("My Image Name", " ", "-"))
  version  = "v${join(".", [1, 12, 0])}"
  major    = regex_replace(local.version, "^v([0-9]+)\\..*$", "$1")
  cidr     = cidrsubnet("10.0.0.0/8", 8, 42)
  gateway  = cidrhost(local.cidr, 1)
  encoded  = base64encode("user:pass")
  decoded  = base64decode(local.encoded)
  json     = jsonencode({ b = [1, 2.5], a = "<&>", n = null })
  parsed   = jsondecode("{\"x\": [1, true, \"s\"], \"y\": null}")
  yaml     = yamldecode("list:\n  - a\n  - 2\nflag: yes\n")
  csv      = csvdecode("id,name\n1,ada\n2,grace\n")
  flat     = flatten([[1, [2, 3]], [], [4]])
  unique   = distinct(["a", "b", "a", "c", "b"])
  full     = compact(["x", "", "y"])
  chunks   = chunklist([1, 2, 3, 4, 5], 2)
  pairs    = setproduct(["amd64", "arm64"], ["debian", "ubuntu"])
  zipped   = zipmap(["one", "two"], [1, 2])
  merged   = merge({ a = 1, b = 2 }, { b = 3 }, { c = null })
  first    = coalesce("", "fallback")
  lists    = coalescelist([], ["x"])
  padded   = formatlist("%03d-%s", [1, 22], "z")
  amount   = format("%.2f EUR and %5d%%", 3.14159, 42)
  rounded  = [ceil(1.2), floor(-1.2), abs(-3), signum(-9), parseint("ff", 16), log(8, 2), pow(2, 10)]
  hash     = sha256("hash me")
  short    = substr(md5("hash me"), 0, 8)
  when     = formatdate("EEE, DD MMM YYYY hh:mm:ss ZZZ", "2024-02-29T12:34:56Z")
  later    = timeadd("2024-02-29T12:34:56Z", "36h")
  reversed = reverse(sort(["b", "c", "a"]))
  contains = contains(["a", "b"], "b")
  keys     = keys({ z = 1, a = 2 })
  looked   = lookup({ x = "y" }, "q", "default")
  sliced   = slice(["a", "b", "c", "d"], 1, 3)
  trimmed  = [trim("?!hi?!", "!?"), trimprefix("v1", "v"), trimsuffix("a.iso", ".iso"), chomp("x\n\n"), trimspace("  y ")]
  url      = urlencode("a b&c=d/é")
  inter    = setintersection(["a", "b"], ["b", "c"])
  union    = setunion(["a"], ["b", "a"])
  number   = convert("42", number)
  safe     = try(local.parsed.missing, "none")
  base     = [basename("/a/b.txt"), dirname("/a/b.txt")]
}

source "file" "out" {
  content = local.json
  target  = "out.json"
}

build {
  sources = ["file.out"]
}
