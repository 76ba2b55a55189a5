# Namen und Texte in vielen Schriften — und Zeichen, die breiter sind.
locals {
  größe    = 3
  名前       = "太郎"
  emoji    = "👩‍👩‍👧 family 🇩🇪"
  combined = "e\u0301 = é"
  lengths  = [length("héllo"), length("👩‍👩‍👧"), length(local.名前)]
  upper    = upper("straße ñandú ǆ")
  title    = title("élan vital")
  cut      = substr("日本語テキスト", 2, 3)
  reversed = strrev("añb")
  padded   = format("|%-6s|%6s|", "日本", "é")
}

source "null" "ü" {
  communicator = "none"
}

build {
  sources = ["null.ü"]
  provisioner "shell-local" {
    inline = ["echo '${local.emoji}' # ${local.größe}"]
  }
}
