"""Templates that would take all time or memory of a careless reader, by what they do."""

from __future__ import annotations

from typing import Final

FILES: Final = {
    "loops.tmpl": "%{ for a in x }%{ for b in x }%{ for c in x }%{ endfor }%{ endfor }%{ endfor }",
    "double.tmpl": "${x}${x}",
}
"""Files beside each of them."""

_NULL: Final = 'source "null" "x" {\n  communicator = "none"\n}\n'


def _local(expression: str, *more: str) -> str:
    lines = [f"  a = {expression}", *(f"  b{n} = {other}" for n, other in enumerate(more))]
    return "locals {\n" + "\n".join(lines) + "\n}\n"


def _chain(count: int, first: str, step: str) -> str:
    """Locals of which each is made of the one before, which `@` stands for."""
    rest = [f"  l{n} = {step.replace('@', f'local.l{n - 1}')}\n" for n in range(1, count)]
    return f"locals {{\n  l0 = {first}\n{''.join(rest)}}}\n"


def _nested(opener: str, inside: str, closer: str, depth: int) -> str:
    return opener * depth + inside + closer * depth


def _laughs() -> str:
    """Each anchor stands nine times in the next."""
    lines = [
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\\n".join(["a: &a [x]", *lines])


_KILOBYTES: Final = 'join("", [for i in range(1024) : "0123456789012345678901234567890123456789"])'
_DYNAMIC: Final = 'dynamic "a" {\n  for_each = range(1024)\n  content {\n    @\n  }\n}\n'.replace(
    "@", 'dynamic "b" {\n for_each = range(1024)\n content {\n  c = b.value\n }\n}'
)

DEEP: Final = {
    "parentheses": _local(_nested("(", "1", ")", 100_000)),
    "lists": _local(_nested("[", "1", "]", 100_000)),
    "objects": _local(_nested("{ a = ", "1", "}", 100_000)),
    "templates in templates": _local(_nested('"${', "1", '}"', 50_000)),
    "blocks": _nested("b {\n", "", "}\n", 20_000),
    "not": _local("!" * 100_000 + "true"),
    "minus": _local("-" * 100_000 + "1"),
    "conditionals": _local("true ? 1 : " * 20_000 + "2"),
    "for": _local(_nested("[for a in ", "[]", " : a]", 20_000)),
    "calls": _local(_nested("abs(", "1", ")", 50_000)),
    "indexes": _local(_nested("a[", "0", "]", 50_000)),
    "splats": _local("a" + "[*]" * 50_000),
    "directives": _local('"' + _nested("%{ if true }", "x", "%{ endif }", 20_000) + '"'),
    "types": 'variable "x" {\n  type = ' + _nested("list(", "string", ")", 50_000) + "\n}\n",
    "values in values": _chain(1_000, "[]", "[@]"),
    "json": _local('jsondecode("' + _nested("[", "", "]", 100_000) + '")'),
    "yaml": _local('yamldecode("' + "- " * 100_000 + '")'),
    "dynamic": "build {\n" + _nested('dynamic "a" {\nfor_each = [1]\ncontent {\n', "", "}\n}\n", 200) + "}\n",
}  # fmt: skip
"""What is nested too deeply: each is told."""

LARGE: Final = {
    "doubled text": _chain(64, '"xxxxxxxx"', '"${@}${@}"'),
    "doubled list": _chain(64, '["x"]', "[@, @]"),
    "doubled object": _chain(64, '{ a = "x" }', "{ a = @, b = @ }"),
    "doubled by concat": _chain(64, '["x"]', "concat(@, @)"),
    "doubled by format": _chain(64, '"x"', 'format("%s%s", @, @)'),
    "doubled by join": _chain(64, '"x"', 'join("", [@, @])'),
    "doubled by jsonencode": _chain(64, '"x"', "jsonencode([@, @])"),
    "doubled by replace": _chain(64, '"x"', 'replace(@, "x", "xx")'),
    "doubled by a file": _chain(64, '"x"', 'templatefile("double.tmpl", { x = @ })'),
    "loops in loops": _local(
        "[for a in range(1024) : [for b in range(1024) : [for c in range(1024) : c]]]"
    ),
    "directives in directives": _local(
        '"' + "%{ for a in range(1024) }" * 4 + "%{ endfor }" * 4 + '"'
    ),
    "loops in a file": _local('templatefile("loops.tmpl", { x = range(1024) })'),
    "files in loops": _local(
        '[for a in range(1024) : templatefile("loops.tmpl", { x = range(64) })]'
    ),
    "many locals": _chain(200, _KILOBYTES, '[for i in range(1024) : "${i}${local.l0}"]'),
    "product": _local("setproduct(range(1024), range(1024), range(1024), range(1024))"),
    "width": _local('format("%999999999d", 1)', 'formatlist("%999999999s", range(1000))'),
    "precision": _local('format("%.999999999f", 1.5)'),
    "indentation": _local('indent(999999999, "a\\nb")'),
    "anchors": _local(f'yamldecode("{_laughs()}")'),
    "hashes in loops": _local(
        f"[for i in range(1024) : [for j in range(1024) : sha512({_KILOBYTES})]]"
    ),
    "comparisons in loops": _local(
        "[for i in range(1024) : [for j in range(1024) : range(1024) == range(1024)]]"
    ),
    "dynamic blocks in dynamic blocks": 'source "null" "x" {\n'
    + _DYNAMIC
    + '}\nbuild {\n  sources = ["null.x"]\n}\n',
    "sources times provisioners": _NULL
    + 'build {\n  sources = [for i in range(1024) : "null.x"]\n'
    + 'provisioner "shell-local" {\n  inline = ["a"]\n}\n' * 1_000
    + "}\n",
    "groups in a pattern": _local(f'regex("{_nested("(", "", ")", 900)}{"(a?)" * 2_000}", "x")'),
    "groups over a long text": _local(f'regex("{"(a?)" * 500}{"a" * 500}", {_KILOBYTES})'),
    "folders in a pattern": _local('fileset("/usr", "' + "**/" * 40 + 'nothing")'),
    "endless file": _local('file("/dev/zero")'),
    "columns": _local('csvdecode("' + "a,b," * 50_000 + '")'),
}  # fmt: skip
"""What grows without end, or goes on for ever: each is told."""

LONG: Final = {
    "sum": _local("1" + " + 1" * 100_000),
    "sum of texts": _local('"1"' + ' + "1"' * 20_000),
    "logic": _local("true" + " && true" * 50_000),
    "list": _local("[" + "1, " * 50_000 + "]"),
    "arguments": _local("max(" + "1, " * 50_000 + "1)"),
    "exponent": _local("1e999999999", "1e-999999999", '"${1e9}"', "pow(9, pow(9, 9))"),
    "digits": _local("9" * 1_000_000, "0." + "9" * 1_000_000, f'"{"9" * 1_000_000}" + 1'),
    "heredoc": "locals {\n  a = <<E\n" + f"{'0123456789 abcd' * 7}\n" * 50_000 + "E\n}\n",
    "heredoc of one line": "locals {\n  a = <<E\n" + "0123456789 abcd" * 330_000 + "\nE\n}\n",
    "indented heredoc": "locals {\n  a = <<-E\n"
    + f"    {'0123456789' * 10}\n" * 50_000
    + "  E\n}\n",
    "heredoc with sequences": "locals {\n  a = <<E\n" + f"{'x' * 90} ${{1}}\n" * 20_000 + "E\n}\n",
    "chain of locals": _chain(10_000, "1", "@ + 1"),
    "chain the other way": "locals {\n"
    + "".join(f"  l{n} = local.l{n + 1}\n" for n in range(4_000))
    + "  l4000 = 1\n}\n",
    "variables": "".join(f'variable "v{n}" {{\n  default = {n}\n}}\n' for n in range(5_000))
    + _local("length(var)"),
    "columns of csv": _local('csvdecode("' + ",".join(f"a{n}" for n in range(50_000)) + '\\n")'),
    "backtracking": _local(f'can(regex("(a*)*b", "{"a" * 100_000}"))'),
    "accents": _local(f'length("e{chr(0x301) * 300_000}")'),
}
"""What is long but right: each is read and evaluated, without a word."""

WRONG: Final = {
    "circle": "locals {\n"
    + "".join(f"  l{n} = local.l{(n + 1) % 10_000}\n" for n in range(10_000))
    + "}\n",
    "NUL": 'locals {\n  a\0 = "\0"\n}\n\0',
    "errors": "a = @\n" * 20_000,
    "unfinished calls": "x {\n  a = foo(\n" * 5_000,
    "unknown locals": "locals {\n"
    + "".join(f"  n{n} = local.unknown_{n}\n" for n in range(5_000))
    + "}\n",
    "unknown functions": "locals {\n"
    + "".join(f"  n{n} = unknown_{n}(1)\n" for n in range(5_000))
    + "}\n",
    "braces": "{" * 200_000,
    "quotes": 'a = "' * 30_000,
    "comment": "/*" * 200_000,
}
"""What is wrong many times over: it is told."""

TEMPLATES: Final = {**DEEP, **LARGE, **LONG, **WRONG}
assert len(TEMPLATES) == len(DEEP) + len(LARGE) + len(LONG) + len(WRONG)
