"""Stores in the evaluation of templates: who asks them, how often, and what waits meanwhile.

The server is a recorded one, as each test decides when it answers.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from oxtui.template.load import parse_template
from oxtui.template.resolve import Resolved, resolve
from oxtui.template.stores import StoreError, Stores
from oxtui.template.stores.vault import Vault
from oxtui.template.values import is_known, is_sensitive, to_python
from oxtui.template.variables import VariableInputs
from tests.template.stores.recorded import Held, Reply, Request, recorded
from tests.template.stores.test_consul import entry

TEMPLATE = """
variable "given" {
  default = "x"
  validation {
    condition     = consul_key("a/b") != var.given
    error_message = "Not the secret itself."
  }
}
locals {
  one  = consul_key("a/b")
  two  = "${upper(consul_key("a/b"))}!"
  none = try(consul_key("none"), "instead")
}
data "some" "thing" { option = consul_key("a/b") }
source "null" "n" {}
build {
  name    = length(consul_key("a/b")) > 0 ? "named" : "nameless"
  sources = ["source.null.n"]
}
"""


def consul(request: Request) -> Reply:
    """One key."""
    return entry(b"hunter22") if request.line.endswith("/a/b") else Reply(404, b"")


def environ(address: str) -> dict[str, str]:
    """The variable that leads to the server."""
    return {"CONSUL_HTTP_ADDR": address}


async def resolved(stores: Stores | None, text: str = TEMPLATE) -> Resolved:
    """The template with its values."""
    return await resolve(parse_template(text, "t.pkr.hcl"), VariableInputs(), None, stores)


async def test_each_value_is_asked_once_and_is_a_secret() -> None:
    with recorded(consul) as server:
        found = await resolved(Stores(environ(server.address)))
    assert found.diagnostics == []
    assert {name: to_python(value) for name, value in found.locals.items()} == {
        "one": "hunter22",
        "two": "HUNTER22!",
        "none": "instead",
    }
    assert is_sensitive(found.locals["one"])
    assert is_sensitive(found.locals["two"])
    assert {"hunter22", "HUNTER22"} <= found.secrets()
    assert [build.name for build in found.builds] == ["named.null.n"]
    assert sorted(server.lines) == ["GET /v1/kv/a/b", "GET /v1/kv/none"]


def test_what_is_found_is_told_to_whoever_hides_secrets() -> None:
    hidden: list[str] = []
    with recorded(consul) as server:
        stores = Stores(environ(server.address), hidden.append)
        stores.consul_key("a/b")
        with pytest.raises(StoreError):
            stores.consul_key("none")
    assert hidden == ["hunter22"]


async def test_without_stores_nothing_is_asked_and_nothing_is_wrong() -> None:
    found = await resolved(None)
    assert found.diagnostics == []
    assert not is_known(found.locals["one"])
    assert is_sensitive(found.locals["one"])


async def test_a_failure_is_an_error_at_the_call() -> None:
    with recorded(consul) as server:
        text = 'locals {\n  a = consul_key("none")\n}\n'
        found = await resolved(Stores(environ(server.address)), text)
    problem = found.diagnostics[0]
    assert (problem.code, problem.summary) == ("call_failed", "Error in function call")
    assert f'Consul at {server.address} (CONSUL_HTTP_ADDR) has no key "none"' in problem.detail
    assert problem.span is not None


async def test_the_event_loop_goes_on_meanwhile() -> None:
    held = Held(consul)
    with recorded(held) as server:
        work = asyncio.create_task(resolved(Stores(environ(server.address))))
        await asyncio.to_thread(held.asked.wait)
        held.answers.set()  # only a loop that goes on comes here
        found = await work
    assert to_python(found.locals["one"]) == "hunter22"


async def test_who_is_cancelled_does_not_wait_for_the_answer() -> None:
    held = Held(consul)
    with recorded(held) as server:
        stores = Stores(environ(server.address))
        work = asyncio.create_task(resolved(stores))
        await asyncio.to_thread(held.asked.wait)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        # All threads of the evaluation are done, although the server has not answered yet.
        await asyncio.get_running_loop().shutdown_default_executor()
        assert not held.answers.is_set()
        with pytest.raises(StoreError, match="it was cancelled"):
            await elsewhere(lambda: stores.consul_key("other"))
        held.answers.set()


async def elsewhere(work: Callable[[], str]) -> str:
    """The result of a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return await asyncio.wrap_future(pool.submit(work))


def test_two_threads_that_want_the_same_ask_once() -> None:
    held = Held(consul)
    with recorded(held) as server, ThreadPoolExecutor(2) as pool:
        stores = Stores(environ(server.address))
        both = [pool.submit(stores.consul_key, "a/b") for _ in range(2)]
        held.asked.wait()
        held.answers.set()
        assert [each.result() for each in both] == ["hunter22", "hunter22"]
    assert len(server.requests) == 1


def test_no_answer_is_waited_for_longer_than_all_tries_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = threading.Event()
    monkeypatch.setattr(Vault, "read", lambda *_: str(done.wait()))
    stores = Stores({"VAULT_TOKEN": "t", "VAULT_CLIENT_TIMEOUT": "10ms"})
    with pytest.raises(StoreError, match=r"no answer came within 0\.01 seconds"):
        stores.vault("a", "b")
    done.set()


def test_a_failure_stays_one_until_it_is_forgotten() -> None:
    replies = iter([Reply(500, ""), entry(b"there")])
    with recorded(lambda _: next(replies)) as server:
        stores = Stores(environ(server.address))
        for _ in range(2):
            with pytest.raises(StoreError, match="with status 500"):
                stores.consul_key("a/b")
        stores.forget_failures()
        assert stores.consul_key("a/b") == "there"
        stores.forget_failures()
        assert stores.consul_key("a/b") == "there"


async def test_nothing_is_asked_on_an_event_loop() -> None:
    with recorded(consul) as server:
        stores = Stores(environ(server.address))
        with pytest.raises(RuntimeError, match="on an event loop"):
            stores.consul_key("a/b")
        assert await asyncio.to_thread(stores.consul_key, "a/b") == "hunter22"
        assert stores.consul_key("a/b") == "hunter22"  # what is known keeps nobody waiting


def test_legacy_templates_have_them_as_plain_functions() -> None:
    with recorded(consul) as server:
        functions = Stores(environ(server.address)).functions
        assert functions["consul_key"]("a/b") == "hunter22"
    assert set(functions) == {"vault", "consul_key", "aws_secretsmanager", "aws_secretsmanager_raw"}
    with pytest.raises(StoreError, match="VAULT_TOKEN is not set"):
        functions["vault"]("a", "b")
