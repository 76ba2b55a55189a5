"""What Browse shows of a service of each provider: its kinds of resources, in the order of their tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screens.actions.action import Action, Context
from screens.wording import in_sentence


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource."""

    id: str
    """Plural, as typed behind `:`."""
    title: str
    """On its tab."""
    help: str
    has_id: bool = True
    """Its rows have ids that somebody may want to copy."""
    opened: str = "details"
    """What enter does with a row: `details`, or an action of its own."""


@dataclass(frozen=True, slots=True)
class Tabs:
    """The kinds of one provider.

    `context` is that of all of them; `prefix` stands before their ids in the ids of contexts and actions,
    which operators write in `[keys]`.
    """

    provider: str
    context: str
    prefix: str
    help: str
    first: str
    """The kind that is shown where none is named."""
    kinds: tuple[Kind, ...]

    @property
    def titles(self) -> Mapping[str, str]:
        """Titles by id."""
        return {kind.id: kind.title for kind in self.kinds}

    def of(self, kind: str) -> str:
        """The context of a kind, which is the id of the action that shows it, too."""
        return f"{self.prefix}.{kind}"

    def shown_by(self, action: str) -> str | None:
        """The kind that an action shows; None if it does something else."""
        return next((kind.id for kind in self.kinds if self.of(kind.id) == action), None)

    @property
    def contexts(self) -> tuple[Context, ...]:
        """All of them together, and each."""
        within = ("table", self.context, "browse", "app")
        return (
            Context(id=self.context, title="Browse", within=("browse", "app"), help=self.help),
            *(
                Context(id=self.of(kind.id), title=kind.title, within=within, help=kind.help)
                for kind in self.kinds
            ),
        )

    @property
    def actions(self) -> tuple[Action, ...]:
        """Showing each."""
        return tuple(
            Action(
                id=self.of(kind.id),
                keys=(str(number),),
                text=kind.title,
                help=f"Show {in_sentence(kind.title)}",
                group="Resources",
                contexts=(self.context,),
            )
            for number, kind in enumerate(self.kinds, 1)
        )


OXIDE = Tabs(
    provider="oxide",
    context="oxide",
    prefix="browse",
    help="A rack: what its silo has, and each project.",
    first="images",
    kinds=(
        Kind(
            "projects",
            "Projects",
            "enter goes into a project: the other tabs then show only what it has.",
            opened="enter-project",
        ),
        Kind(
            "images",
            "Images",
            "Images of the silo (usable in every project) and of projects, with where each is.",
        ),
        Kind("instances", "Instances", "Virtual machines. Only stopped ones can be deleted."),
        Kind("disks", "Disks", "Only detached disks can be deleted."),
        Kind("snapshots", "Snapshots", "States of disks that images are made from."),
        Kind("vpcs", "VPCs", "Networks; the details show subnets and firewall rules."),
        Kind("ip-pools", "IP pools", "Where the external addresses of instances come from."),
        Kind("keys", "Keys", "Your SSH keys, yours alone; new instances are given them."),
        Kind("quota", "Quota", "What the silo may use and what of it is used.", has_id=False),
    ),
)

OUTSCALE = Tabs(
    provider="outscale",
    context="outscale",
    prefix="outscale",
    help="An account in a region of Outscale. Projects, uploads and test instances are a rack's own.",
    first="omis",
    kinds=(
        Kind("omis", "OMIs", "Images that the account may use: its own, shared and public ones."),
        Kind("vms", "VMs", "Virtual machines; the details show volumes and security groups."),
        Kind(
            "volumes", "Volumes", "BSU volumes. Only those that are linked nowhere can be deleted."
        ),
        Kind("snapshots", "Snapshots", "States of volumes that OMIs are made from."),
        Kind("nets", "Nets", "Private networks."),
        Kind("subnets", "Subnets", "Parts of Nets, each in one subregion."),
        Kind(
            "security-groups", "Security groups", "Security groups; the details show their rules."
        ),
        Kind("keypairs", "Key pairs", "Key pairs, of which the account has the public halves."),
        Kind("public-ips", "Public IPs", "Public IPs that the account holds."),
    ),
)

TABS: dict[str, Tabs] = {tabs.provider: tabs for tabs in (OXIDE, OUTSCALE)}
"""By provider."""


WITH_DETAILS = tuple(
    tabs.of(kind.id) for tabs in TABS.values() for kind in tabs.kinds if kind.opened == "details"
)
"""Contexts of the kinds whose details enter shows."""
WITH_ID = tuple(tabs.of(kind.id) for tabs in TABS.values() for kind in tabs.kinds if kind.has_id)
"""Contexts of the kinds whose rows have ids."""
