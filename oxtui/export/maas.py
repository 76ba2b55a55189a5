"""The oxtui-maas post-processor in the words of stock Packer, which does not know it.

The guest writes its root file system to a file, by the same program as in the session; Packer downloads
it, and MAAS's own command uploads it. What that takes more than oxtui: room for the file in the guest.

The disk of the snapshot is another matter: when Packer runs post-processors its plugin has removed the
snapshot, and no step of Packer makes a machine to read it on. That one is commented out, and it is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from oxtui.build.state import SessionState
from oxtui.export.draft import Draft
from oxtui.postprocessors.maas.capture_script import capture_script
from oxtui.postprocessors.maas.device_script import device_script
from oxtui.postprocessors.maas.options import MaasOptions
from oxtui.template.hcl.tree import expressions as x
from oxtui.template.hcl.tree.bodies import Block
from oxtui.template.hcl.write import Code, Interpolated, Writable

MAAS: Final = "oxtui-maas"
PROVISIONERS: Final = ("shell", "file", "shell")
"""What stands for the capture of a guest."""
POST_PROCESSOR: Final = "shell-local"
"""What stands for the upload."""
_IN_GUEST: Final = "/tmp/oxtui-maas-"  # noqa: S108 - of the guest; the capture leaves that folder out
_KEY: Final = '"$(printf %s "${BUILD_KEY-}" | cut -s -d " " -f 2)"'
_AS_ROOT: Final = (
    'chmod +x {{.Path}}; if [ "$(id -u)" = 0 ]; then {{.Vars}} {{.Path}}; '
    "else sudo -n env {{.Vars}} {{.Path}}; fi"
)
_OWN: Final = tuple(MaasOptions.model_fields)
_ACTION = re.compile(r"\{\{\s*\.?(BuildName|BuilderType)\s*\}\}")
_MEANT = {"BuildName": Code("source.name"), "BuilderType": Code("source.type")}
_FIELDS = {
    "image_name": "name", "title": "title", "architecture": "architecture", "filetype": "filetype",
    "base_image": "base_image",
}  # fmt: skip
"""Options, and what MAAS's command calls them."""


def maas_as_packer(draft: Draft, state: SessionState) -> None:
    """Puts three provisioners and a shell-local in the place of each, as many as are not switched off.

    Raises:
        TemplateError: a change does not fit the text.
    """
    count = 0
    for block in range(len(draft.document.body.blocks_of("build"))):
        for chain, members in enumerate(draft.document.post_processors(block)):
            for place, member in enumerate(members):
                if member.type != MAAS or not member.enabled:
                    continue
                address = f"build.{block}.post-processor.{chain}.{place}"
                if reads_snapshot(member.block):
                    _leave_out(draft, address)
                else:
                    count += 1
                    _One(draft, state, block, address, member.block, count).write()
    if count:
        draft.notes.append(
            "Packer has no oxtui-maas: shell and file provisioners fetch the root file system, and a "
            "shell-local post-processor uploads it with the command `maas`. Log in with that first (`maas "
            "login PROFILE URL -`), and give the profile as MAAS_PROFILE."
        )


def reads_snapshot(block: Block) -> bool:
    """Whether it captures the disk of the snapshot."""
    capture = block.body.attributes.get("capture")
    written = None if capture is None else capture.expression
    return isinstance(written, x.Template) and written.literal == "disk"


def _leave_out(draft: Draft, address: str) -> None:
    draft.document.remove(address, "api_key")
    draft.document.switch(address, on=False)
    draft.comment_above(
        address,
        "For oxtui: Packer has no step that reads the disk of a snapshot, and so none for MAAS here.",
    )
    draft.notes.append(
        'Packer has no step that reads the disk of a snapshot: oxtui-maas with capture = "disk" is commented '
        "out, and Packer makes the image alone. Build with oxtui for the upload to MAAS, or choose capture = "
        '"rootfs", which is written as steps that Packer can run.'
    )


class _One:
    """One of them while it is written anew."""

    def __init__(
        self, draft: Draft, state: SessionState, block: int, address: str, there: Block, number: int
    ) -> None:
        self.draft = draft
        self.state = state
        self.block = block
        self.address = address
        self.given = dict(there.body.attributes)
        self.number = number
        self.of_disk = self._text("device") != ("",)
        self.kind, end = ("ddgz", "disk.gz") if self.of_disk else ("tgz", "root.tgz")
        self.in_guest, self.here = f"{_IN_GUEST}{end}", end if number == 1 else f"{number}-{end}"

    def write(self) -> None:
        """Provisioners at the end of the build, and the post-processor where it stands."""
        captures = self._text("source") == ("",)
        file = self._text("source") if not captures else self._local_file()
        if captures:
            self._capture(file)
        self._upload(file, captures=captures)

    def _local_file(self) -> tuple[str | Code, ...]:
        output = self._text("output")
        if output != ("",):
            return output
        return (Code("source.name"), f"-{self.here}")

    def _capture(self, file: tuple[str | Code, ...]) -> None:
        if self.of_disk:
            program = device_script(self._plain("device"), self.in_guest)
        else:
            program = capture_script(
                _KEY, self._excluded(), skip_checks=self._is_on("skip_checks"), output=self.in_guest
            )
        where: dict[str, Writable] = {
            name: Code(self._code(self.given[name].expression))
            for name in ("only", "except")
            if name in self.given
        }
        self._add("shell", {
            **where,
            "environment_vars": [Interpolated(("BUILD_KEY=", Code("build.SSHPublicKey")))],
            "execute_command": _AS_ROOT,
            "inline_shebang": "/bin/sh",
            "inline": program.split("\n"),
        })  # fmt: skip
        self.draft.comment_above(
            self._last,
            f"The {'disk' if self.of_disk else 'root file system'} of the guest, for MAAS.",
        )
        self._add("file", {
            **where, "direction": "download", "source": self.in_guest,
            "destination": Interpolated(file),
        })  # fmt: skip
        self._add("shell", {**where, "inline": [f"rm -f {self.in_guest}"]})

    def _upload(self, file: tuple[str | Code, ...], *, captures: bool) -> None:
        document = self.draft.document
        values: list[Writable] = [Interpolated(("MAAS_CONTENT=", *file))]
        words = ['maas "$MAAS_PROFILE" boot-resources create']
        for option, field in _FIELDS.items():
            text = self._text(option)
            if option == "filetype" and (captures or text == ("",)):
                text = (self.kind,) if captures else (self._told_type(),)
            if text != ("",):
                variable = f"MAAS_{field.upper()}"
                values.append(Interpolated((f"{variable}=", *text)))
                words.append(f'{field}="${variable}"')
        if self._is_on("keep_old"):
            words.append("keep_old=true")
        inline = [" ".join([*words, 'content@="$MAAS_CONTENT"'])]
        if captures and self._text("output") == ("",):
            inline.append('rm -f "$MAAS_CONTENT"')
        for name in _OWN:
            document.remove(self.address, name)
        document.rename(self.address, 0, POST_PROCESSOR)
        document.set(self.address, "environment_vars", values)
        document.set(self.address, "inline", list[Writable](inline))

    def _add(self, kind: str, attributes: Mapping[str, Writable]) -> None:
        position = len(self.draft.document.provisioners(self.block))
        self.draft.document.add_provisioner(self.block, position, kind, attributes)

    @property
    def _last(self) -> str:
        position = len(self.draft.document.provisioners(self.block)) - 1
        return f"build.{self.block}.provisioner.{position}"

    def _text(self, option: str) -> tuple[str | Code, ...]:
        """An option as parts of a text: what was written for it, or its default."""
        found = self.given.get(option)
        if found is None:
            return _parts(str(MaasOptions.model_fields[option].default))
        written = found.expression
        if not isinstance(written, x.Template):
            return (Code(self._code(written)),)
        made: list[str | Code] = []
        for part in written.parts:
            if isinstance(part, x.TemplateText):
                made += _parts(part.text)
            elif isinstance(part, x.Interpolation):
                made.append(Code(self._code(part.expression)))
            else:
                return (Code(self._code(written)),)
        return tuple(made) or ("",)

    def _code(self, expression: x.Expression) -> str:
        return self.draft.document.expression_text(expression)

    def _plain(self, option: str) -> str:
        text = self._text(option)
        if any(isinstance(part, Code) for part in text):
            self._unwritten(option)
        return "".join(part for part in text if isinstance(part, str))

    def _is_on(self, option: str) -> bool:
        found = self.given.get(option)
        if found is None:
            return False
        if isinstance(found.expression, x.Keyword):
            return found.expression.name == "true"
        self._unwritten(option)
        return False

    def _excluded(self) -> list[str]:
        found = self.given.get("exclude")
        if found is None:
            return []
        items = found.expression.items if isinstance(found.expression, x.Tuple) else []
        texts = [item.literal for item in items if isinstance(item, x.Template)]
        known = [text for text in texts if text is not None]
        if not isinstance(found.expression, x.Tuple) or len(known) != len(items):
            self._unwritten("exclude")
        return known

    def _unwritten(self, option: str) -> None:
        self.draft.problems.append(
            f"{option} of oxtui-maas is an expression, which the program for the guest cannot hold: write "
            "its value in the template, then export again."
        )

    def _told_type(self) -> str:
        """What the file was for MAAS in the session, where that got so far."""
        for build in self.state.builds.values():
            for made in build.artifacts:
                kinds = [value for name, value in made.fields if name == "filetype"]
                if made.builder_id == "oxtui.post-processor.maas" and kinds:
                    return kinds[0]
        self.draft.problems.append(
            "The session did not get to upload the source of oxtui-maas, so its type is not known: write "
            "filetype in the template, then export again."
        )
        return ""


def _parts(text: str) -> tuple[str | Code, ...]:
    """A text whose template actions are expressions of HCL."""
    pieces = _ACTION.split(text)
    found = [
        _MEANT[piece] if at % 2 else piece for at, piece in enumerate(pieces) if at % 2 or piece
    ]
    return tuple(found) or ("",)
