"""Provisioners that are switched off are comments to Packer, and come back as they were."""

from __future__ import annotations

from oxtui.template.document import Document
from oxtui.template.hcl.format import format_tokens

TEXT = """\
build {
    sources = []
    # about the script
    provisioner "shell" { # here
        inline = ["a"]

        script = <<EOT
left edge
    indented
EOT
    }
    provisioner "file" {}
}
"""
OFF = """\
build {
    sources = []
    # about the script
    # oxtui: disabled
    # provisioner "shell" { # here
    #     inline = ["a"]
    #
    #     script = <<EOT
    #|left edge
    #|    indented
    #|EOT
    # }
    provisioner "file" {}
}
"""
SHELL = "build.0.provisioner.0"


def test_a_provisioner_becomes_comments_under_a_marker_and_comes_back() -> None:
    document = Document(TEXT, "x.pkr.hcl")
    document.switch(SHELL, on=False)
    assert document.text == OFF
    assert [block.labels[0].value for block in document.template.builds[0].provisioners()] == [
        "file"
    ]
    assert document.switch(SHELL, on=False) is None
    document.switch(SHELL, on=True)
    assert document.text == TEXT
    assert document.switch(SHELL, on=True) is None


def test_what_is_switched_off_survives_packer_fmt() -> None:
    document = Document(format_tokens(OFF), "x.pkr.hcl")
    assert document.text != OFF
    document.switch(SHELL, on=True)
    assert format_tokens(document.text) == format_tokens(TEXT)
    body = document.template.builds[0].provisioners()[0].body
    script = body.attributes["script"].expression.span
    assert document.text[slice(*script)] == "<<EOT\nleft edge\n    indented\nEOT"


def test_what_is_switched_off_can_be_edited() -> None:
    document = Document(OFF, "x.pkr.hcl")
    document.set(SHELL, "inline", ["a", "b"])
    document.set(SHELL, "timeout", "5m")
    document.remove(SHELL, "script")
    assert (
        '    # provisioner "shell" { # here\n'
        '    #     inline = ["a", "b"]\n'
        "    #\n"
        '    #     timeout = "5m"\n'
        "    # }\n"
    ) in document.text
    span = document.span_of(SHELL, "timeout")
    assert span is not None
    assert document.text[slice(*span)] == 'timeout = "5m"'
    whole = document.span_of(SHELL)
    assert whole is not None
    assert document.text[slice(*whole)].startswith("    # oxtui: disabled\n")


def test_neighbours_that_are_switched_off_stay_apart() -> None:
    document = Document(TEXT, "x.pkr.hcl")
    document.switch(SHELL, on=False)
    document.switch("build.0.provisioner.1", on=False)
    assert [(m.type, m.enabled) for m in document.provisioners(0)] == [
        ("shell", False),
        ("file", False),
    ]
    document.move_provisioner(0, 0, 1)
    assert [m.type for m in document.provisioners(0)] == ["file", "shell"]
    document.switch("build.0.provisioner.1", on=True)
    document.move_provisioner(0, 1, 0)
    document.switch("build.0.provisioner.1", on=True)
    assert document.text == TEXT


def test_comments_that_only_look_alike_are_left_alone() -> None:
    for text in (
        "build {\n  # oxtui: disabled\n}\n",
        "build {\n  # oxtui: disabled\n  # just words\n}\n",
        "build {\n  # oxtui: disabled\n  # a = 1\n}\n",
        'build {\n  # oxtui: disabled\n  # provisioner "x" {\n}\n',
        'build {\n  x = <<E\n# oxtui: disabled\n# provisioner "x" {}\nE\n}\n',
    ):
        assert Document(text, "x.pkr.hcl").provisioners(0) == []


def test_words_behind_what_is_switched_off_are_not_part_of_it() -> None:
    text = (
        "build {\n"
        "  # oxtui: disabled\n"
        '  # provisioner "sleep" {}\n'
        "  # a word about the next\n"
        '  provisioner "shell" {}\n'
        "}\n"
    )
    document = Document(text, "x.pkr.hcl")
    assert [(m.type, m.enabled) for m in document.provisioners(0)] == [
        ("sleep", False),
        ("shell", True),
    ]
    document.remove_provisioner(0, 0)
    assert document.text == 'build {\n  # a word about the next\n  provisioner "shell" {}\n}\n'


def test_post_processors_are_switched_off_too() -> None:
    text = 'build {\n  post-processors {\n    post-processor "a" {}\n    post-processor "b" {}\n  }\n}\n'
    document = Document(text, "x.pkr.hcl")
    document.switch("build.0.post-processor.0.1", on=False)
    assert '    # oxtui: disabled\n    # post-processor "b" {}\n' in document.text
    assert [[m.enabled for m in chain] for chain in document.post_processors(0)] == [[True, False]]
    document.switch("build.0.post-processor.0.1", on=True)
    assert document.text == text


def test_only_line_breaks_end_lines() -> None:
    text = 'build {\n  provisioner "shell" { inline = ["a\u2028b\x0cc\x85d"] }\n}\n'
    document = Document(text, "x.pkr.hcl")
    document.switch(SHELL, on=False)
    assert document.text.count("# ") == 2
    document.switch(SHELL, on=True)
    assert document.text == text
