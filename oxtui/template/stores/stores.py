"""Asking stores while a template is evaluated: once for each value, with an end, and never on an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from typing import TypeVar

from oxtui.template.stores.aws import SecretsManager, value_of
from oxtui.template.stores.consul import Consul
from oxtui.template.stores.errors import StoreError
from oxtui.template.stores.vault import Vault

Result = TypeVar("Result")


class Stores:
    """The stores that an environment names, for one run of one template. `hide` takes each secret found.

    Each value is asked once, and a failure stays one. Methods wait for the answer, so what was not asked
    yet must not be asked where an event loop runs (RuntimeError): `apart` evaluates elsewhere. All raise
    StoreError.
    """

    def __init__(
        self, environ: Mapping[str, str], hide: Callable[[str], None] = lambda secret: None
    ) -> None:
        self._environ = environ
        self._hide = hide
        self._asked: dict[tuple[str, ...], Future[str]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def vault(self, path: str, key: str) -> str:
        """The text under a key of a secret in Vault."""
        client = Vault(self._environ)
        return self._answer(client.seconds, partial(client.read, path, key), "vault", path, key)

    def consul_key(self, key: str) -> str:
        """The text of a key in Consul."""
        client = Consul(self._environ)
        return self._answer(client.seconds, partial(client.read, key), "consul_key", key)

    def aws_secretsmanager(self, name: str, key: str = "") -> str:
        """The value under a key of a secret of AWS; the only one, where no key is given."""
        value = value_of(name, self.aws_secretsmanager_raw(name), key)
        self._hide(value)
        return value

    def aws_secretsmanager_raw(self, name: str) -> str:
        """The whole text of a secret of AWS."""
        client = SecretsManager(self._environ)
        return self._answer(client.seconds, partial(client.read, name), "aws_secretsmanager", name)

    @property
    def functions(self) -> Mapping[str, Callable[..., str]]:
        """All of them by the names that templates of both languages have for them."""
        return {
            "vault": self.vault,
            "consul_key": self.consul_key,
            "aws_secretsmanager": self.aws_secretsmanager,
            "aws_secretsmanager_raw": self.aws_secretsmanager_raw,
        }

    def forget_failures(self) -> None:
        """What failed is asked again; for a console, whose operator may have put something right."""
        with self._lock:
            for asked, answer in list(self._asked.items()):
                if answer.done() and answer.exception() is not None:
                    del self._asked[asked]

    def close(self) -> None:
        """Whoever waits for an answer gets a StoreError at once, and nothing is asked any more."""
        with self._lock:
            self._closed = True
            waited = list(self._asked.values())
        for answer in waited:
            with suppress(InvalidStateError):
                answer.set_exception(StoreError("it was cancelled"))

    def _answer(self, seconds: float, read: Callable[[], str], *asked: str) -> str:
        with self._lock:
            answer = self._asked.get(asked)
            if (answer is None or not answer.done()) and _on_a_loop():
                raise RuntimeError(
                    f"{asked[0]} was called on an event loop, which would stand still"
                )
            if answer is None:
                if self._closed:
                    raise StoreError("it was cancelled")
                answer = self._asked[asked] = Future()
                # A daemon: nobody can end what waits in the system, and nobody has to wait for it.
                threading.Thread(
                    target=self._ask, args=(read, answer), name=asked[0], daemon=True
                ).start()
        try:
            return answer.result(seconds)
        except TimeoutError:
            late = StoreError(f"no answer came within {seconds:g} seconds")
            with suppress(InvalidStateError):
                answer.set_exception(late)
            raise late from None

    def _ask(self, read: Callable[[], str], answer: Future[str]) -> None:
        try:
            found = read()
            self._hide(found)
        except Exception as problem:  # whoever waits shall have it
            with suppress(InvalidStateError):
                answer.set_exception(problem)
        else:
            with suppress(InvalidStateError):
                answer.set_result(found)


def _on_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def apart(stores: Stores | None, work: Callable[[], Result]) -> Result:
    """The result of evaluating something: off the event loop where that may ask a store."""
    return work() if stores is None else await in_thread(stores, work)


async def in_thread(stores: Stores | None, work: Callable[[], Result]) -> Result:
    """The result of evaluating something in a thread. If the caller is cancelled, so is what is asked."""
    try:
        return await asyncio.to_thread(work)
    except asyncio.CancelledError:
        if stores is not None:
            stores.close()
        raise
