"""No secret survives redaction, in whatever form and wherever the stream is cut."""

from __future__ import annotations

import base64
import json
import shlex
import subprocess
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.logs.redact import MARK, RedactingStream, Redactor
from oxtui.logs.sanitise import plain

KEY = "-----BEGIN KEY-----\nMIIabc/def+ghi\njklmnopqr==\n-----END KEY-----\n"


def stream(redactor: Redactor, pieces: list[bytes]) -> bytes:
    open_stream = RedactingStream(redactor)
    return b"".join([*(open_stream.feed(piece) for piece in pieces), open_stream.flush()])


def test_a_secret_in_text_becomes_the_mark() -> None:
    redactor = Redactor(["hunter2"])
    assert redactor.text("pass=hunter2;") == f"pass={MARK};"
    assert redactor.bytes(b"hunter2hunter2") == MARK.encode() * 2


def test_text_without_secrets_is_unchanged_even_where_it_is_not_valid_utf8() -> None:
    redactor = Redactor(["hunter2"])
    odd = b"caf\xe9 \xff".decode("utf-8", "surrogateescape")
    assert redactor.text(odd) == odd
    assert redactor.bytes(b"caf\xe9") == b"caf\xe9"
    assert Redactor().text(odd) == odd


def test_short_secrets_are_ignored() -> None:
    assert Redactor(["ab", ""]).text("abab") == "abab"


def test_a_secret_learned_later_is_caught_in_a_stream_that_is_open() -> None:
    redactor = Redactor()
    open_stream = RedactingStream(redactor)
    out = open_stream.feed(b"early ")
    redactor.add("hunter2")
    out += open_stream.feed(b"late hunt") + open_stream.feed(b"er2") + open_stream.flush()
    assert out == b"early late <sensitive>"


@pytest.mark.parametrize(
    "shown",
    [
        base64.b64encode(b's3cr\'et & "quoted"').decode(),
        base64.urlsafe_b64encode(b's3cr\'et & "quoted"').decode(),
        json.dumps('s3cr\'et & "quoted"')[1:-1],
        shlex.quote('s3cr\'et & "quoted"'),
        urllib.parse.quote('s3cr\'et & "quoted"', safe=""),
        urllib.parse.quote_plus('s3cr\'et & "quoted"'),
    ],
)
def test_encoded_and_quoted_forms_are_caught(shown: str) -> None:
    redacted = Redactor(['s3cr\'et & "quoted"']).text(f"x {shown} y")
    assert MARK in redacted
    assert "s3cr" not in redacted
    assert shown not in redacted


@pytest.mark.parametrize("user", ["", "u", "us", "use", "user"])
def test_a_secret_inside_longer_base64_is_caught(user: str) -> None:
    header = base64.b64encode(f"{user}:correct horse battery:x".encode()).decode()
    redacted = Redactor(["correct horse battery"]).text(f"Authorization: Basic {header}")
    assert MARK in redacted
    recovered = redacted.removeprefix("Authorization: Basic ").split(MARK)
    assert max(map(len, recovered)) < 12


def test_bash_xtrace_of_a_secret_is_caught() -> None:
    secret = 'it\'s a\\n "se$cret"'
    run = subprocess.run(
        ["bash", "-xc", 'printf "%q\\n" "$1"; : "$1"', "-", secret],
        capture_output=True,
        text=True,
        check=True,
    )
    for shown in (run.stdout, run.stderr):
        redacted = Redactor([secret]).text(shown)
        assert "cret" not in redacted
        assert MARK in redacted


def test_each_line_of_a_key_is_a_secret_also_over_a_terminal() -> None:
    redacted = Redactor([KEY]).text(KEY.replace("\n", "\r\n") + "| MIIabc/def+ghi")
    assert "MII" not in redacted
    assert "KEY" not in redacted


def test_wrapped_base64_of_a_key_is_caught() -> None:
    long_key = KEY * 8
    for width in (64, 76):
        encoded = base64.b64encode(long_key.encode()).decode()
        wrapped = "\n".join(encoded[i : i + width] for i in range(0, len(encoded), width))
        assert Redactor([long_key]).text(wrapped).replace(MARK, "").strip() == ""


def test_overlapping_secrets_leave_no_remainder() -> None:
    assert Redactor(["abcde", "cdefg"]).text("-abcdefg-") == f"-{MARK}-"


def test_repr_tells_no_secret() -> None:
    assert "hunter2" not in repr(Redactor(["hunter2"]))


letters = st.text("abc\n\\'é", min_size=0, max_size=8)


@given(
    st.lists(st.text("abc\n'é", min_size=3, max_size=9), min_size=1, max_size=4),
    st.lists(letters, max_size=6),
    st.data(),
)
def test_no_secret_survives_any_chunking(
    secrets: list[str], noise: list[str], data: st.DataObject
) -> None:
    parts = data.draw(st.permutations([*secrets, *noise]))
    whole = "".join(parts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    redactor = Redactor(secrets)
    out = stream(redactor, pieces)
    for secret in secrets:
        assert secret.encode() not in out
    assert out == redactor.bytes(whole)


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_a_stream_without_secrets_in_it_passes_unchanged(pieces: list[bytes]) -> None:
    redactor = Redactor(["a secret that the bytes do not hold, it is too long for that"])
    assert stream(redactor, pieces) == b"".join(pieces)


@given(st.binary(max_size=60), st.integers(0, 60))
def test_what_is_held_back_is_never_a_whole_line(noise: bytes, cut: int) -> None:
    redactor = Redactor(["tok-abcdef", "xyz"])
    open_stream = RedactingStream(redactor)
    shown = open_stream.feed(noise[:cut]) + open_stream.feed(noise[cut:] + b"\n")
    assert shown.endswith(b"\n")


CODES = [
    "\x1b[31m",
    "\x1b[0;1;38:5:9m",
    "\x1b[K",
    "\x1b]0;title\x07",
    "\x1b(B",
    "\0",
    "\x9b1m",
    "\u200b",
]


@pytest.mark.parametrize("code", CODES)
def test_a_secret_with_an_escape_code_in_it_is_caught(code: str) -> None:
    shown = Redactor(["correct-horse"]).text(f"a{code}b correct{code}-ho{code}rse {code}z")
    assert shown == f"a{code}b {MARK} {code}z"
    assert plain(shown) == f"ab {MARK} z"


@pytest.mark.parametrize("code", [code for code in CODES if not code.startswith("\x1b]")])
def test_a_secret_with_an_escape_code_in_it_is_caught_wherever_it_is_cut(code: str) -> None:
    whole = f"a correct{code}-horse z\n".encode()
    for first in range(len(whole)):
        for second in range(first, len(whole)):
            pieces = [whole[:first], whole[first:second], whole[second:]]
            assert stream(Redactor(["correct-horse"]), pieces) == f"a {MARK} z\n".encode()


def test_endless_escape_codes_behind_the_beginning_of_a_secret_are_not_held_back() -> None:
    open_stream = RedactingStream(Redactor(["correct-horse"]))
    out = b"".join(open_stream.feed(b"correct" + b"\0" * 1000) for _ in range(20))
    assert len(out) > 10_000


@given(
    st.lists(st.sampled_from(["abc", "ab", "c", "\n", *CODES, "\x1b", "["]), max_size=12), st.data()
)
def test_no_secret_is_seen_after_any_chunking(parts: list[str], data: st.DataObject) -> None:
    whole = "".join(parts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert b"abc" not in stream(Redactor(["abc"]), pieces)
    once = Redactor(["abc"]).bytes(whole)
    assert all("abc" not in plain(line) for line in once.decode("utf-8", "replace").split("\n"))
