locals {


  a   =   1

  # alone

  bbb = 2   
	c = 3	


}




source   "null"   "x"   {

  communicator="none"

}


build {
  sources = [ "null.x" , ]


  provisioner "shell-local" {
    inline = [ "a" ,"b",
      "c" ]

  }   

}


