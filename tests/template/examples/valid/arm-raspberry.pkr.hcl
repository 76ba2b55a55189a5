variable "image_home_dir" { default = "/root" }

source "arm" "raspios" {
  file_urls = ["https://downloads.example.org/raspios_lite_arm64.img.xz"]
  file_checksum_url = "https://downloads.example.org/raspios_lite_arm64.img.xz.sha256"
  file_checksum_type = "sha256"
  file_target_extension = "xz"
  file_unarchive_cmd = ["xz", "--decompress", "$ARCHIVE_PATH"]
  image_build_method = "resize"
  image_path = "raspios.img"
  image_size = "4G"
  image_type = "dos"
  image_partitions {
    name = "boot"
    type = "c"
    start_sector = 8192
    filesystem = "vfat"
    size = "256M"
    mountpoint = "/boot"
  }
  image_partitions {
    name = "root"
    type = "83"
    start_sector = 532480
    filesystem = "ext4"
    size = "0"
    mountpoint = "/"
  }
  image_chroot_env = ["PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"]
  qemu_binary_source_path = "/usr/bin/qemu-aarch64-static"
  qemu_binary_destination_path = "/usr/bin/qemu-aarch64-static"
}

build {
  sources = [ "source.arm.raspios" ]

  provisioner "shell" {
    inline = [
      "touch ${var.image_home_dir}/ssh",
      "echo 'hdmi_force_hotplug=1' >> /boot/config.txt",
      <<-EOS
      cat > /etc/motd <<'MOTD'
        Welcome, \$USER! 100% ready.
      MOTD
      EOS
      ,
    ]
  }
}
