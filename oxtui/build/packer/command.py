"""What packer is told on its command line, and the files for what must not stand there."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from oxtui.build.control import Policy
from oxtui.build.packer.outline import PackerPlan
from oxtui.build.session import write_private
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.load import load_template


class TemplateNotSaved(Exception):
    """Packer reads files, and what they hold is not what is to be built."""


@dataclass(frozen=True, slots=True)
class Files:
    """What packer reads: the template, and the values of variables, if there are any."""

    template: str
    values: Path | None


@contextmanager
def files(plan: PackerPlan, template: str, text: str, within: Path) -> Iterator[Files]:
    """The files of a run; those made for it are private, and gone when the block ends.

    Args:
        plan: what is to be run.
        template: path of the template, or `-` if its text came from elsewhere.
        text: of the template.
        within: a private folder.

    Raises:
        TemplateNotSaved: the template on disk has another text.
        OSError: a file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="packer-", dir=within) as name:
        made = Path(name)
        values = made / "values.auto.json" if plan.values else None
        if values is not None:
            write_private(values, _values(plan))
        if template == "-":
            suffix = "json" if plan.legacy else "pkr.hcl"
            copy = made / f"template.{suffix}"
            write_private(copy, text)
            template = str(copy)
        else:
            _check_saved(plan.folder / template, text)
        yield Files(template, values)


def build_command(
    plan: PackerPlan, given: Files, policy: Policy, *, force: bool, parallel: int
) -> list[str]:
    """`packer build` with all that the operator asked for."""
    words = ["build", "-color=false", "-timestamp-ui", f"-on-error={_on_error(policy)}"]
    if policy.debug:
        words.append("-debug")
    if force:
        words.append("-force")
    if parallel:
        words.append(f"-parallel-builds={parallel}")
    return [str(plan.binary), *words, *_common(plan, given)]


def validate_command(plan: PackerPlan, given: Files) -> list[str]:
    """`packer validate` of the same."""
    return [str(plan.binary), "validate", *_common(plan, given)]


def init_command(plan: PackerPlan, given: Files) -> list[str]:
    """`packer init`, which installs the plugins that the template requires."""
    return [str(plan.binary), "init", given.template]


def _common(plan: PackerPlan, given: Files) -> list[str]:
    words = [f"-var-file={path}" for path in plan.variable_files]
    # Values of -var win over all variable files (packer.md 1.1), so theirs is the last one.
    if given.values is not None:
        words.append(f"-var-file={given.values}")
    for flag, names in (("only", plan.only), ("except", plan.excluded)):
        if names:
            words.append(f"-{flag}={','.join(names)}")
    return [*words, given.template]


def _on_error(policy: Policy) -> str:
    return "cleanup" if policy.on_error == "ask" and not policy.attended else policy.on_error


def _check_saved(path: Path, text: str) -> None:
    try:
        same = load_template(path).text == text
    except (TemplateError, OSError):
        same = False
    if not same:
        raise TemplateNotSaved(
            f"{path} does not hold what is to be built, and packer reads that file. Save the template "
            "there first."
        )


def _values(plan: PackerPlan) -> str:
    """The values as a variable file in JSON, where packer takes all strings as they stand."""
    return json.dumps(dict(plan.values), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):  # more digits than a float has; HCL makes a number of the text
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a variable")
