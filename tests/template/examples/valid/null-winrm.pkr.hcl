source "null" "windows" {
  communicator   = "winrm"
  winrm_host     = "192.0.2.10"
  winrm_username = "vagrant"
  winrm_password = "vagrant"
  winrm_use_ssl  = true
  winrm_insecure = true
  winrm_timeout  = "3h"
}

build {
  sources = ["null.windows"]
  provisioner "powershell" {
    environment_vars = ["DEVOPS_LIFE_IMPROVER=PACKER"]
    inline           = ["Write-Host \"HELLO NEW USER; WELCOME TO $Env:DEVOPS_LIFE_IMPROVER\"", "Write-Host \"`$Dollar $(Get-Date)\""]
  }
  provisioner "windows-shell" {
    inline = ["dir c:\\", "set"]
  }
  provisioner "powershell" {
    elevated_user     = build.User
    elevated_password = build.Password
    scripts = [
      "scripts\\one.ps1",
      "scripts/two.ps1",
    ]
    elevated_execute_command = "powershell -executionpolicy bypass \"& { if (Test-Path variable:global:ProgressPreference){$ProgressPreference='SilentlyContinue'};. {{.Vars}}; &'{{.Path}}'; exit $LastExitCode }\""
  }
}
