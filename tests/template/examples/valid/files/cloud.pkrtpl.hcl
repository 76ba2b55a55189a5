#cloud-config
hostname: ${hostname}
users:
%{ for user in users ~}
  - name: ${user}
    sudo: ALL=(ALL) NOPASSWD:ALL
%{ endfor ~}
