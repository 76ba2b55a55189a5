"""Faults that a rack is told to have: the grammar of `--fault`.

    SPEC    = TARGET ":" EFFECT { ":" LIMIT }  |  "reset" { ":" LIMIT }
            | "keep-unsynced"  |  "api_version=" SEMVER
    TARGET  = an operation id of the API, or a pattern of them with `*` and `?`;
              or one of `instance`, `external_ip`, `ssh`
    LIMIT   = "once" | "times=" N | "after=" N        (after: let the first N go by)

Effects on operations:

    400 401 403 404 409 410 500 503 507   reply with this error and do nothing
    slow=SECONDS          take so much longer; for instance_start, instance_stop and instance_reboot
                          the change of state does, not the reply (also of an automatic start)
    timeout-but-done      do it, and never reply
    reset                 break the connection without a reply

Effects on the rest:

    instance:failed[=SECONDS]   a started instance fails, at once or so long after it runs
    instance:panic              the kernel of a started instance panics, so it never listens
    external_ip:none            no pool has a free address
    ssh:closed                  nothing listens at an instance's addresses

`reset` without a target is `*:reset`. `keep-unsynced` keeps what a guest wrote but had not synced when its
power goes. `api_version=SEMVER` makes the rack an older release that refuses newer clients.
"""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from oxtui.rack.web import version
from oxtui.rack.web.errors import CODES

KEEP_UNSYNCED = "keep-unsynced"
_WITH_SECONDS = ("slow", "failed")


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the faults of a simulated cloud can be about.

    replies: errors that an operation can reply with.
    features: what else can go wrong, each with its effects.
    asynchronous: operations whose reply comes at once and whose work follows, so "slow" is the work's.
    """

    replies: tuple[str, ...]
    features: Mapping[str, tuple[str, ...]]
    asynchronous: frozenset[str] = frozenset()

    @property
    def effects(self) -> tuple[str, ...]:
        """What can happen to an operation."""
        return (*self.replies, "slow", "timeout-but-done", "reset")


OXIDE = Grammar(
    replies=tuple(map(str, CODES)),
    features={"instance": ("failed", "panic"), "external_ip": ("none",), "ssh": ("closed",)},
    asynchronous=frozenset({"instance_start", "instance_stop", "instance_reboot"}),
)


class FaultSpecError(ValueError):
    """A `--fault` that cannot be understood."""


@dataclass(slots=True)
class Fault:
    """One fault, as `spec` asked for it; `skip` and `left` count down as it is met."""

    spec: str
    target: str
    effect: str
    amount: float = 0.0
    skip: int = 0
    left: int | None = None
    of_operation: bool = field(default=True, kw_only=True)

    def meets(self, operation: str) -> bool:
        """Count a call of an operation if it is this fault's, and say whether the fault happens."""
        return self.of_operation and fnmatch.fnmatchcase(operation, self.target) and self.strikes()

    def strikes(self) -> bool:
        """Count one occasion and say whether the fault happens at it."""
        if self.skip:
            self.skip -= 1
            return False
        if self.left is None:
            return True
        if self.left == 0:
            return False
        self.left -= 1
        return True


class Faults:
    """The faults of a rack."""

    def __init__(
        self,
        faults: list[Fault],
        *,
        keep_unsynced: bool,
        api_version: str,
        grammar: Grammar = OXIDE,
    ) -> None:
        self._faults = faults
        self._grammar = grammar
        self.keep_unsynced = keep_unsynced
        self.api_version = api_version

    def check_targets(self, operations: Collection[str]) -> None:
        """Raise FaultSpecError if a fault can never happen: no operation has the name it gives."""
        for fault in self._faults:
            if fault.of_operation and not fnmatch.filter(operations, fault.target):
                raise FaultSpecError(
                    f"--fault {fault.spec}: no operation is called {fault.target}"
                    f"{_meant(fault.target, (*operations, *self._grammar.features))}"
                )

    def of_operation(self, operation: str) -> list[Fault]:
        """Return the faults that happen at this call of an operation."""
        return [
            fault
            for fault in self._faults
            if not (fault.effect == "slow" and operation in self._grammar.asynchronous)
            and fault.meets(operation)
        ]

    def delay(self, operation: str) -> float:
        """Return the seconds by which a change of an instance's state is slowed this time."""
        return sum(
            fault.amount
            for fault in self._faults
            if fault.effect == "slow" and fault.meets(operation)
        )

    def of_feature(self, feature: str) -> Fault | None:
        """Return the fault that a feature (`instance`, `external_ip`, `ssh`) has at this use."""
        for fault in self._faults:
            if fault.target == feature and fault.strikes():
                return fault
        return None


def parse(specs: list[str], grammar: Grammar = OXIDE) -> Faults:
    """Read all `--fault` values; FaultSpecError names the one that is wrong."""
    keep_unsynced = False
    api_version = version.SERVER_VERSION
    faults: list[Fault] = []
    for spec in specs:
        key, _, value = spec.partition("=")
        if spec == KEEP_UNSYNCED:
            keep_unsynced = True
        elif key == "api_version":
            api_version = _version(spec, value)
        else:
            faults.append(_fault(spec, grammar))
    return Faults(faults, keep_unsynced=keep_unsynced, api_version=api_version, grammar=grammar)


def _version(spec: str, value: str) -> str:
    try:
        version.parse(value)
    except ValueError as error:
        raise FaultSpecError(f"--fault {spec}: {error}") from None
    return value


def _fault(spec: str, grammar: Grammar) -> Fault:
    target, _, rest = (f"*:{spec}" if spec.split(":")[0] == "reset" else spec).partition(":")
    effect, *limits = rest.split(":")
    if not target or not effect:
        raise FaultSpecError(f"--fault {spec}: expected TARGET:EFFECT, such as snapshot_create:500")
    effect, _, amount = effect.partition("=")
    _check_effect(spec, target, effect, grammar)
    fault = Fault(spec, target, effect, of_operation=target not in grammar.features)
    if amount or effect == "slow":
        fault.amount = _seconds(spec, effect, amount)
    for limit in limits:
        _limit(spec, fault, limit)
    return fault


def _meant(target: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(target, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _check_effect(spec: str, target: str, effect: str, grammar: Grammar) -> None:
    allowed = grammar.features.get(target) or grammar.effects
    if effect not in allowed:
        raise FaultSpecError(
            f"--fault {spec}: {effect!r} is no effect on {target}; there are {', '.join(allowed)}"
        )


def _seconds(spec: str, effect: str, amount: str) -> float:
    try:
        seconds = float(amount)
    except ValueError:
        seconds = -1.0
    if effect not in _WITH_SECONDS or not 0 <= seconds < 86_400:
        raise FaultSpecError(f"--fault {spec}: {amount!r} is no time in seconds for {effect}")
    return seconds


def _limit(spec: str, fault: Fault, limit: str) -> None:
    key, _, number = limit.partition("=")
    if limit == "once":
        fault.left = 1
    elif key in ("times", "after") and number.isdecimal():
        if key == "times":
            fault.left = int(number)
        else:
            fault.skip = int(number)
    else:
        raise FaultSpecError(f"--fault {spec}: {limit!r} is not once, times=N or after=N")
