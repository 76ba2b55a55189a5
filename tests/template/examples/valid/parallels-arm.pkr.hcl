locals{
    iso    = {
        url      = "https://cdimage.example.org/arm64.iso",
        checksum = "sha512:${sha512("arm64")}"
    }
    prlctl = [["set","{{.Name}}","--cpus","4"],["set","{{.Name}}","--memsize","4096"]]
}
source "parallels-iso" "debian" {
    boot_command=[
        "<wait><up>e<wait><down><down><down><end><wait>",
        "install preseed/url=http://{{.HTTPIP}}:{{.HTTPPort}}/preseed.cfg",
        "<f10>"
    ]
    guest_os_type="debian"
    iso_url=local.iso.url
    iso_checksum=local.iso["checksum"]
    parallels_tools_flavor="lin-arm"
    prlctl=local.prlctl
    ssh_username="vagrant"
    ssh_password="vagrant"
    shutdown_command="echo 'vagrant' | sudo -S shutdown -h now"
}
build{
    sources=["source.parallels-iso.debian"]
    provisioner "shell"{
        inline=["echo 1","echo 2"]
        }
    post-processors{
        post-processor "vagrant"{
            output="out/{{.Provider}}.box"
        }
    }
}
