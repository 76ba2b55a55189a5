"""What an operator reads where no answer came: the place, the cause and the next step, of every service."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable

import httpx
import pytest

from oxtui.maas import failures as of_maas
from oxtui.maas.api_key import ApiKey
from oxtui.maas.connection import Connection as Maas
from oxtui.maas.timing import Timing as MaasTiming
from oxtui.outscale import failures as of_outscale
from oxtui.outscale.timing import Timing as OutscaleTiming
from oxtui.oxide import failures as of_oxide
from oxtui.oxide.calls import Call
from oxtui.oxide.credentials import Connection as Rack
from oxtui.oxide.timing import Timing as OxideTiming
from oxtui.oxide.token import Token
from oxtui.service.failures import Asked, failure, innermost, said
from tests.outscale.rig import connection

THERE = Asked(
    url="https://there", origin="THERE_HOST", address="the host", trust="Trust it.", tls="Try http.",
    connect=10, answer=0.5,
)  # fmt: skip
PLACE = "https://there (from THERE_HOST)"


def after(error: httpx.RequestError, *causes: BaseException) -> httpx.RequestError:
    """The error with what led to it, as the HTTP library chains them."""
    inner: BaseException = error
    for cause in causes:
        inner.__cause__ = cause
        inner = cause
    return error


def untrusted() -> ssl.SSLCertVerificationError:
    made = ssl.SSLCertVerificationError(1, "certificate verify failed")
    made.verify_message = "self-signed certificate"
    return made


CASES: dict[str, tuple[Callable[[], httpx.RequestError], str, bool, bool]] = {
    "no such name": (
        lambda: after(httpx.ConnectError("x"), socket.gaierror(socket.EAI_NONAME, "unknown")),
        f"the name of {PLACE} cannot be resolved. Check the host, your DNS and VPN.",
        False, False,
    ),
    "no name server": (
        lambda: after(httpx.ConnectError("x"), socket.gaierror(socket.EAI_AGAIN, "later")),
        f"the name of {PLACE} cannot be resolved. Check the host, your DNS and VPN.",
        False, True,
    ),
    "nobody's certificate": (
        lambda: after(httpx.ConnectError("x"), untrusted()),
        f"the certificate of {PLACE} is not trusted (self-signed certificate). Trust it.",
        False, False,
    ),
    "no TLS": (
        lambda: after(httpx.ConnectError("x"), ssl.SSLError(1, "wrong version number")),
        f"{PLACE} does not speak TLS as we do. Try http.", False, False,
    ),
    "hung up on TLS": (
        lambda: after(httpx.ConnectError("x"), ssl.SSLEOFError(8, "EOF occurred")),
        f"{PLACE} does not speak TLS as we do. Try http.", False, False,
    ),
    "a certificate of ours is missed late": (
        lambda: after(httpx.ReadError("x"), ssl.SSLError(1, "tlsv13 alert certificate required")),
        f"{PLACE} does not speak TLS as we do. Try http.", True, False,
    ),
    "hung up later": (
        lambda: after(httpx.ReadError("x"), ssl.SSLEOFError(8, "EOF occurred")),
        "the connection to https://there was lost before the answer was complete. Try again.",
        True, True,
    ),
    "a proxy": (
        lambda: httpx.ProxyError("403 Forbidden"),
        f"the proxy on the way to {PLACE} refuses (403 Forbidden). Check HTTPS_PROXY and NO_PROXY.",
        False, False,
    ),
    "no connection in time": (
        lambda: httpx.ConnectTimeout("x"),
        f"{PLACE} did not accept a connection within 10 s. Check the host, your network and VPN.",
        False, True,
    ),
    "no answer in time": (
        lambda: httpx.ReadTimeout("x"), "no answer from https://there within 0.5 s. Try again.",
        True, True,
    ),
    "damage": (
        lambda: httpx.DecodingError("incorrect header check"),
        "the answer of https://there is damaged (incorrect header check). Try again.", True, True,
    ),
    "nobody listens": (
        lambda: after(httpx.ConnectError("x"), OSError(errno.ECONNREFUSED, "Connect call failed")),
        f"{PLACE} refuses connections. Check the host and the port.", False, True,
    ),
    "no way": (
        lambda: after(httpx.ConnectError("x"), OSError(errno.EHOSTUNREACH, "Connect call failed")),
        f"{PLACE} cannot be reached (no route to host). Check the host and your network.", False, True,
    ),
    "hung up": (
        lambda: httpx.RemoteProtocolError("Server disconnected without sending a response."),
        "the connection to https://there was lost before the answer was complete. Try again.",
        True, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_failure_has_its_sentence(name: str) -> None:
    error, reason, sent, passing = CASES[name]
    found = failure(error(), THERE)
    assert (found.reason, found.sent, found.passing) == (reason, sent, passing)


def of_a_rack(error: httpx.RequestError) -> Exception:
    call = Call("disk_list", "list", "the disks", "GET", "/v1/disks")
    rack = Rack("https://there", Token("t"), source={"host": "OXIDE_HOST"})
    return of_oxide.transport_error(error, call, rack, OxideTiming())


def of_an_account(error: httpx.RequestError) -> Exception:
    return of_outscale.transport_error(
        error, "ReadVms", connection("https://there"), OutscaleTiming()
    )


def of_a_maas(error: httpx.RequestError) -> Exception:
    there = Maas("https://there/MAAS/api/2.0/", ApiKey.parse("a:b:c", "here"))
    return of_maas.unreachable(error, "list images", there, MaasTiming(), 60)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("told", [of_a_rack, of_an_account, of_a_maas])
def test_each_service_is_named_with_a_next_step(
    told: Callable[[httpx.RequestError], Exception], name: str
) -> None:
    text = str(told(CASES[name][0]()))
    assert text.startswith(("Cannot list the disks: ", "ReadVms: ", "Cannot list images: "))
    assert "https://there" in text
    step = text.rsplit(". ", 1)[1]
    assert step.startswith(("Check ", "Try ", "Give ", "Add ", "Where "))
    assert step.endswith(".")


def test_the_innermost_cause_is_that_of_the_first_address_and_circles_end() -> None:
    first, second = OSError(errno.ENETUNREACH, "Connect call failed"), OSError(1, "other")
    error = after(httpx.ConnectError("failed"), ExceptionGroup("tries", [first, second]))
    first.__cause__ = error
    assert innermost(error) is first
    assert said(error) == "network is unreachable"
    assert said(httpx.ReadError("")) == "ReadError"
