"""What options declare that they name is known of the service that their component works on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oxtui.component.options import Options, OptionSpec, block_specs, option_specs
from oxtui.component.registry import COMPONENTS, ComponentKind, component
from screens.browse.browser import BROWSERS

OF_OTHERS = {"oxide": {"keypairs"}}
"""What a communicator declares for services that have it."""
KINDS: tuple[ComponentKind, ...] = ("builder", "data source")


def declared(options: type[Options]) -> Iterator[OptionSpec]:
    """The options of a component, those of nested blocks too."""
    yield from option_specs(options)
    for block in block_specs(options):
        yield from declared(block.options)


def of_provider(provider: str) -> Iterator[OptionSpec]:
    """The options of all components that work on a provider's services."""
    for kind in KINDS:
        for name in COMPONENTS[kind]:
            found = component(kind, name)
            if getattr(found, "provider", "") == provider:
                yield from declared(found.Options)


@pytest.mark.parametrize("provider", BROWSERS)
def test_every_kind_that_is_declared_is_there(provider: str) -> None:
    named = BROWSERS[provider].named
    specs = list(of_provider(provider))
    lookups = {kind for spec in specs for kind in (spec.lookup, *spec.key_lookups.values())}
    assert lookups - {"", "files"} - OF_OTHERS.get(provider, set()) == set(named.kinds)
    assert {spec.quota for spec in specs} - {""} == set(named.quotas)


@pytest.mark.parametrize("provider", BROWSERS)
def test_what_narrows_a_kind_is_a_kind(provider: str) -> None:
    named = BROWSERS[provider].named
    for subject in (*named.kinds.values(), *named.quotas.values()):
        assert set(subject.within) <= set(named.kinds)


def test_those_that_may_have_been_meant_are_named_by_what_is_written() -> None:
    naming = BROWSERS["outscale"].named.kinds["omis"]

    class Row:
        def __init__(self, id_: str, name: str) -> None:
            self.id, self.name = id_, name

    rows = [Row("ami-84f82563", "Ubuntu-24.04"), Row("ami-5ce556c6", "Ubuntu-22.04")]
    assert naming.near("ami-84f82564", rows)[0] == "ami-84f82563 (Ubuntu-24.04)"
    assert naming.near("ubuntu", rows) == [
        "ami-84f82563 (Ubuntu-24.04)", "ami-5ce556c6 (Ubuntu-22.04)",
    ]  # fmt: skip
    assert naming.near("snap-00000000", rows) == []
