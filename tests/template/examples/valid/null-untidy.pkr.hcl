variable   "x"   {
type=string
      default   =    "y"
}
locals{
  a=1
    bb  =  2
 ccc=[1,2,
3,
      4]
  d={a=1,b="two",
      c = [ { x=1 }, { y = 2 } ]
}
e   =   var.x=="y"?"yes":"no"
  f = [for v in [1,2,3]:v*v if v%2==1]
     g = "${var.x}-${  local.a  +local.bb }"
h = - local.a
i=!true
j =(1+2)*3
}
source "null" "u" {communicator="none"}
build{
sources=["null.u"]
provisioner "shell-local"{
inline=["echo one",
"echo two"
,"echo three"
]
environment_vars=["A=1"
]
}
post-processor   "shell-local"   {
    inline=[ "echo done" ]
  }


}
