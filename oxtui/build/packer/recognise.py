"""Which step of a build a line of packer begins.

The rules are tolerant: packer tells no steps, only sentences, which differ between its versions and between
plugins. What no rule knows stays with the step that runs.
"""

from __future__ import annotations

import re
from typing import Final

from oxtui.build.packer.outline import OutlinedPostProcessor, OutlinedProvisioner

_CONNECT = re.compile(
    r"Using \S+ communicator to connect|Waiting for (?:SSH|WinRM) to become available|"
    r"Connected to (?:SSH|WinRM)!"
)
_BEFORE = re.compile(
    r"Pausing \S+ before the next provisioner|Setting a \S+ timeout for the next provisioner"
)
_RETRY = re.compile(r'Provisioner failed with "(?P<error>.*)", retrying with \d+ trie', re.DOTALL)
_CAPTURE = re.compile(
    r"(?:Stopping|Shutting down|Halting|Gracefully|Forcibly|Powering off)\b|"
    r"(?:Creating|Registering|Capturing|Exporting|Committing|Converting|Compacting|Publishing|"
    r"Copying|Sharing|Modifying attributes|Adding tags|Generalizing)\b.*"
    r"\b(?:AMI|image|images|snapshot|snapshots|container|disk|template|drive|VM|virtual machine|box)\b|"
    r"Waiting for .*\b(?:AMI|image|snapshot)\b",
    re.IGNORECASE,
)
_CLEANUP = re.compile(
    r"Provisioning step had errors: Running the cleanup provisioner|"
    r"(?:Terminating|Deleting|Deregistering|Destroying|Removing|Cleaning up|Killing the container|"
    r"Unregistering|No volumes to clean up)\b"
)
_POST_PROCESSOR = re.compile(
    r"Running post-processor: (?P<name>.*?)(?:\(type (?P<type>[^()]+)\))?\s*"
)
_FAILED_STEP = re.compile(r'Step "[^"]+" failed')
_NOTE = re.compile(r'Pausing at breakpoint provisioner with note "(?P<note>.*)"\.?', re.DOTALL)

_BEGINNINGS: Final = {
    "shell": r"Provisioning with shell script",
    "windows-shell": r"Provisioning with (?:windows-)?shell script",
    "powershell": r"Provisioning with powershell script|Provisioning with Powershell",
    "file": r"(?:Uploading|Downloading) .+ => ",
    "shell-local": r"Running local shell script|Executing local (?:shell )?(?:command|script)",
    "breakpoint": r"Pausing at breakpoint provisioner|Breakpoint provisioner\b.*\bdisabled",
    "ansible": r"Provisioning with Ansible",
    "ansible-local": r"Provisioning with Ansible",
    "puppet-masterless": r"Provisioning with Puppet",
    "puppet-server": r"Provisioning with Puppet",
    "salt-masterless": r"Provisioning (?:machine using|with) Salt",
    "chef-client": r"Provisioning with chef-client",
    "chef-solo": r"Provisioning with chef-solo",
    "inspec": r"Provisioning with Inspec",
    "converge": r"Provisioning with Converge",
    "goss": r"Provisioning with Goss",
    "windows-restart": r"Restarting Machine",
}
"""How packer begins to tell of each provisioner."""
_BEGINS: Final = {name: re.compile(text, re.IGNORECASE) for name, text in _BEGINNINGS.items()}
CONTINUE: Final = "Press enter to continue."
"""What packer asks at a breakpoint, and under -debug after a sentence that says where it stands."""
SILENT: Final = frozenset({"sleep"})
"""Provisioners of which packer says nothing."""


def connects(text: str) -> bool:
    """Whether packer reaches for the machine."""
    return _CONNECT.match(text) is not None


def announces(text: str) -> bool:
    """Whether packer speaks of the provisioner that comes next: of its `pause_before` or `timeout`."""
    return _BEFORE.match(text) is not None


def retries(text: str) -> str | None:
    """The error after which packer tries a provisioner again, as it has tries left."""
    found = _RETRY.match(text)
    return None if found is None else found["error"]


def captures(text: str) -> bool:
    """Whether a builder makes its result: stops the machine, takes its image."""
    return _CAPTURE.match(text) is not None


def cleans(text: str) -> bool:
    """Whether a builder takes away what it needed."""
    return _CLEANUP.match(text) is not None


def fails_step(text: str) -> bool:
    """Whether packer says that one of its steps failed; what it said before is why."""
    return _FAILED_STEP.match(text) is not None


def breakpoint_note(text: str) -> str:
    """The note of a breakpoint; empty where there is none."""
    found = _NOTE.match(text)
    return "" if found is None else found["note"]


def provisions(text: str, provisioner: OutlinedProvisioner) -> bool:
    """Whether a provisioner begins, or the next of its scripts or files.

    Of one of a plugin's that no rule knows, any sentence about provisioning that no other rule knows.
    """
    rule = _BEGINS.get(provisioner.type)
    if rule is not None:
        return rule.match(text) is not None
    if provisioner.type in SILENT or any(each.match(text) for each in _BEGINS.values()):
        return False
    words = re.split(r"[-_]", provisioner.type)
    about = rf"Provisioning\b|(?:Running|Executing|Starting|Applying)\b.*\b(?:{'|'.join(map(re.escape, words))})\b"
    return re.match(about, text, re.IGNORECASE) is not None


def post_processes(text: str) -> OutlinedPostProcessor | None:
    """The post-processor that begins. Older packers tell its type alone, where it has no name."""
    found = _POST_PROCESSOR.fullmatch(text)
    if found is None:
        return None
    name = found["name"].strip()
    return OutlinedPostProcessor(found["type"] or name, name)


def question(pending: str) -> str | None:
    """What packer asks at the end of an unfinished line: `continue` or `failure`; None where it does not."""
    text = pending.rstrip(" ")
    if text.endswith(CONTINUE):
        return "continue"
    return "failure" if "[c] Clean up and exit, " in text and text.endswith("?") else None
