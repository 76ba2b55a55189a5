"""Functions between encodings of text: base64, gzip, URL, CSV, character sets."""

from __future__ import annotations

import base64
import binascii
import codecs
import csv
import gzip
import io
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus

from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values.types import STRING, object_type
from oxtui.template.hcl.values.value import list_of, object_of, string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value

_STR = Parameter("str", STRING)
_ENCODING = Parameter("encoding", STRING)


def _base64encode(arguments: Sequence[Value]) -> Value:
    return string(base64.b64encode(arguments[0].text.encode()).decode())


def _plain_bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise CallError("failed to decode base64 data") from None


def _base64decode(arguments: Sequence[Value]) -> Value:
    try:
        return string(_plain_bytes(arguments[0].text).decode())
    except UnicodeDecodeError:
        raise CallError("the result of decoding is not valid UTF-8") from None


def _base64gzip(arguments: Sequence[Value]) -> Value:
    packed = gzip.compress(arguments[0].text.encode(), mtime=0)
    return string(base64.b64encode(packed).decode())


def _urlencode(arguments: Sequence[Value]) -> Value:
    return string(quote_plus(arguments[0].text, safe="~"))


# Python's own codecs that are no character sets of IANA's.
_INTERNAL = frozenset(("unicode-escape", "raw-unicode-escape", "undefined", "idna", "punycode"))


def _codec(name: str, index: int) -> str:
    """Python's name of a character set. Raises ArgumentError for anything else."""
    try:
        found = codecs.lookup(name).name
        "".encode(found)  # refuses codecs that do not turn text into bytes
    except (LookupError, ValueError):
        found = ""
    if not found or found.replace("_", "-") in _INTERNAL:
        raise ArgumentError(index, f"{name[:40]!r} is not a supported IANA encoding name or alias")
    return found


_MARKS: Final = (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)


def _big_endian(codec: str) -> str:
    """UTF-16 without a mark is big-endian (RFC 2781, 4.3), where Python takes the machine's order."""
    return "utf-16-be" if codec == "utf-16" else codec


def _with_mark(text: str, codec: str) -> str:
    return f"\ufeff{text}" if codec == "utf-16" else text


def _textencode(arguments: Sequence[Value]) -> Value:
    codec = _codec(arguments[1].text, 1)
    try:
        encoded = _with_mark(arguments[0].text, codec).encode(_big_endian(codec))
    except UnicodeEncodeError:
        detail = f"the string contains characters that cannot be represented in {codec}"
        raise ArgumentError(0, detail) from None
    return string(base64.b64encode(encoded).decode())


def _textdecode(arguments: Sequence[Value]) -> Value:
    codec = _codec(arguments[1].text, 1)
    try:
        raw = _plain_bytes(arguments[0].text)
    except CallError:
        raise ArgumentError(0, "the value is not valid base64") from None
    try:
        return string(raw.decode(codec if raw.startswith(_MARKS) else _big_endian(codec)))
    except UnicodeDecodeError:
        raise ArgumentError(0, f"the value is not valid {codec}") from None


def _csvdecode(arguments: Sequence[Value]) -> Value:
    text = arguments[0].text
    _check_quotes(text)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as problem:
        raise CallError(f"this is not CSV: {problem}") from None
    if not rows:
        raise CallError("missing header line")
    header = rows[0]
    known: set[str] = set()
    for name in header:
        if name in known:
            raise CallError(f"duplicate column name {name[:40]!r}")
        known.add(name)
    items: list[Value] = []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise CallError(f"wrong number of fields in record {line}")
        cells = zip(header, row, strict=True)
        items.append(object_of({name: string(cell) for name, cell in cells}))
    return list_of(object_type(dict.fromkeys(header, STRING)), items)


_BARE_QUOTE = re.compile(r'(?:"(?:[^"]|"")*"|[^",\r\n]*)(?P<wrong>")?(?:[,\r\n]+|$)?')


def _check_quotes(text: str) -> None:
    """Raises CallError for a quote in a field that does not start with one, as Go does."""
    at = 0
    while at < len(text):
        found = _BARE_QUOTE.match(text, at)
        if found is None or found.group("wrong") or found.end() == at:
            raise CallError('this is not CSV: a bare " stands in a field')
        at = found.end()


FUNCTIONS: Final = (
    Function("base64encode", (_STR,), _base64encode, returns=STRING),
    Function("base64decode", (_STR,), _base64decode, returns=STRING),
    Function("base64gzip", (_STR,), _base64gzip, returns=STRING),
    Function("urlencode", (_STR,), _urlencode, returns=STRING),
    Function(
        "textencodebase64", (Parameter("string", STRING), _ENCODING), _textencode, returns=STRING
    ),
    Function(
        "textdecodebase64", (Parameter("source", STRING), _ENCODING), _textdecode, returns=STRING
    ),
    Function("csvdecode", (_STR,), _csvdecode),
)
