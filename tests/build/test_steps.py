"""The common parameters around a provisioner: pause, limit, retries, and going on after an error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from oxtui.build.steps import Common, ProvisionerStep
from oxtui.component.durations import go_duration
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.options import Options
from oxtui.component.protocols import Guest
from tests.guests import Recorded, setting


async def run(work: Callable[[int], Any], common: Common) -> Recorded:
    """Runs a step whose provisioner awaits what `work` gives for each try, counted from 1."""
    tries = iter(range(1, 100))

    class Working:
        def __init__(self, options: Any, setting: Any) -> None: ...

        async def provision(self, context: Any, guest: Guest) -> None:
            number = next(tries)
            context.say(f"try {number}")
            await work(number)

    heard = Recorded()
    plan = StepPlan(id="p", kind="provision", title="1 shell")
    step = ProvisionerStep(plan, Working, lambda build: Options(), common, setting())  # type: ignore[arg-type]
    try:
        await step.run(heard, Guest(), trace=False)
    except Exception as error:
        heard.said.append(f"{type(error).__name__}: {error}")
    return heard


async def fails(number: int) -> None:
    raise StepError(f"error {number}")


async def fails_twice(number: int) -> None:
    if number < 3:
        await fails(number)


async def hangs(number: int) -> None:
    await asyncio.Event().wait()


async def hangs_once(number: int) -> None:
    if number == 1:
        await hangs(number)


async def test_a_good_retry_is_a_success_and_each_try_pauses() -> None:
    heard = await run(fails_twice, Common(max_retries=5, pause_before=0.001))
    pause = "Pausing 1ms before the next provisioner..."
    assert heard.said == [
        pause, "try 1", 'Provisioner failed with "error 1", retrying with 5 trie(s) left',
        pause, "try 2", 'Provisioner failed with "error 2", retrying with 4 trie(s) left',
        pause, "try 3",
    ]  # fmt: skip


async def test_the_last_error_is_told_with_the_number_of_tries() -> None:
    heard = await run(fails, Common(max_retries=1))
    assert heard.said[-2:] == ["retry limit reached.", "StepError: error 2 (the last of 2 tries)"]
    assert (await run(fails, Common())).said[-1] == "StepError: error 1"


async def test_a_limit_holds_beside_a_pause_and_anew_for_each_try() -> None:
    common = Common(pause_before=0.001, timeout=0.01, max_retries=1)
    heard = await run(hangs_once, common)
    assert heard.said[:4] == [
        "Pausing 1ms before the next provisioner...",
        "Setting a 10ms timeout for the next provisioner...",
        "try 1",
        "Cancelling provisioner after a timeout...",
    ]
    assert heard.said[4].startswith('Provisioner failed with "1 shell was not done within its ti')
    assert heard.said[-1] == "try 2"


async def test_an_error_of_the_work_that_is_called_a_timeout_is_not_the_limits() -> None:
    async def slow(number: int) -> None:
        raise TimeoutError("the peer is slow")

    heard = await run(slow, Common(timeout=60))
    assert heard.said[-1] == "TimeoutError: the peer is slow"


async def test_after_an_error_the_build_can_go_on_but_not_after_a_cancellation() -> None:
    heard = await run(fails, Common(continue_on_error=True, max_retries=1))
    assert heard.said[-1] == "warning: 1 shell failed, going on: error 2"
    running = asyncio.ensure_future(run(hangs, Common(continue_on_error=True, max_retries=3)))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (2, "2s"), (90, "1m30s"), (300, "5m0s"), (3661, "1h1m1s"), (1.5, "1.5s"), (0.25, "250ms"),
        (0, "0s"), (0.0001, "100µs"), (59.9999999999, "1m0s"), (3.6e9, "1000000h0m0s"),
    ],
)  # fmt: skip
def test_durations_are_written_as_go_does(seconds: float, text: str) -> None:
    assert go_duration(seconds) == text
