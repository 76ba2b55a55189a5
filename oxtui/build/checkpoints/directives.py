"""What a template says of the cache of one step, in comments that stock Packer passes over.

They stand on lines of their own right above the block:

    # oxtui: cache = false          its effect is not in its text: run it always
    # oxtui: cache = true           of a shell-local: pass over it as over any other step
    # oxtui: cache_ttl = "24h"      run it again when it ran longer ago than that
    # oxtui: cache_key = "2026-11"  another text, another result
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from oxtui.build.checkpoints.contents import Directives
from oxtui.component.options import parse_duration
from oxtui.template.hcl.diagnostic import Diagnostic, warning
from oxtui.template.hcl.source import SourceFile, Span

_COMMENT = re.compile(r"\s*(?:#|//)(?P<text>.*)")
_OURS = re.compile(r"\s*oxtui:(?P<rest>.*)")
_SETTING = re.compile(r'\s*(?P<name>\w+)\s*=\s*(?:"(?P<text>[^"]*)"|(?P<word>\w+))\s*')


def directives(file: SourceFile, span: Span) -> tuple[Directives, list[Diagnostic]]:
    """Those above the block whose header has that span; what cannot be read is told, and not heeded."""
    found, told = Directives(), []
    for text, place in _above(file, file.line_number(span.start)):
        setting = _SETTING.fullmatch(text)
        try:
            if setting is None:
                raise ValueError('write NAME = VALUE, such as cache = false or cache_ttl = "24h"')
            found = _with(found, setting.groupdict())
        except ValueError as problem:
            detail = f"oxtui does not know what this comment asks for: {problem}."
            told.append(warning("Unknown directive", detail, place, file))
    return found, told


def _with(found: Directives, given: Mapping[str, str | None]) -> Directives:
    name, text, word = given["name"], given["text"], given["word"]
    if name == "cache" and word in ("true", "false"):
        return replace(found, cache=word == "true")
    if name == "cache_ttl" and text:
        seconds = parse_duration(text)
        return replace(found, ttl=float(str(seconds)))
    if name == "cache_key" and text:
        return replace(found, key=text)
    known = {"cache": "true or false", "cache_ttl": 'a duration such as "24h"'}
    if name in known:
        raise ValueError(f"{name} is {known[name]}")
    if name == "cache_key":
        raise ValueError("cache_key is a text in quotes")
    raise ValueError(f'there is no "{name}"; there are cache, cache_ttl and cache_key')


def _above(file: SourceFile, line: int) -> Iterator[tuple[str, Span]]:
    """The directives in the comment lines right above a line (from 1), from the top."""
    lines: list[tuple[str, Span]] = []
    for number in range(line - 1, 0, -1):
        comment = _COMMENT.fullmatch(file.line_text(number))
        if comment is None:
            break
        if ours := _OURS.fullmatch(comment["text"]):
            start = file.line_start(number)
            lines.append((ours["rest"], Span(start, start + len(file.line_text(number)))))
    yield from reversed(lines)
