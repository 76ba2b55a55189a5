"""The oxtui-maas post-processor: what was built becomes an image of MAAS (maas.md part 6)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Final

from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact, Moment, PostProcessorSetting
from oxtui.component.protocols import Problem, StepContext
from oxtui.maas.address import web_url
from oxtui.maas.client import MaasClient
from oxtui.maas.connection import KEY_NAMES, URL_NAMES, Connection, resolve
from oxtui.maas.errors import MaasError
from oxtui.maas.file_types import FILE_TYPES, file_type
from oxtui.maas.hashing import sha256_of
from oxtui.maas.names import bare_name, check_base_image, check_name
from oxtui.maas.request import Progress, Stage, UploadRequest
from oxtui.postprocessors.maas.capture import Captured
from oxtui.postprocessors.maas.capturing import MIB, captured_from, captured_type, counted
from oxtui.postprocessors.maas.checking import read_root
from oxtui.postprocessors.maas.delivery import deliver
from oxtui.postprocessors.maas.options import MaasOptions

BUILDER_ID: Final = "oxtui.post-processor.maas"


class MaasPostProcessor:
    """The `oxtui-maas` post-processor."""

    Options: ClassVar[type[MaasOptions]] = MaasOptions
    keeps_input: ClassVar[bool] = True
    forces_keep: ClassVar[bool] = True
    provider: ClassVar[str] = "maas"

    def __init__(self, options: MaasOptions, setting: PostProcessorSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def moment(options: MaasOptions) -> Moment:
        """With the guest still there; the disk of the snapshot as soon as there is one."""
        return "before_cleanup" if options.content == "disk" else "before_seal"

    @staticmethod
    def detail(options: MaasOptions) -> str:
        """The image."""
        return options.image_name

    @staticmethod
    def problems(options: MaasOptions, folder: Path) -> Sequence[Problem]:
        """Names that MAAS refuses, a source that is not there, an address that is none."""
        found = []
        if "{{" not in options.image_name and (problem := check_name(options.image_name)):
            found.append(Problem("image_name", problem))
        if problem := check_base_image(options.base_image, options.image_name):
            found.append(Problem("base_image", problem))
        if options.source and not (folder / options.source).is_file():
            found.append(Problem("source", f"there is no file {options.source}"))
        if options.maas_url or options.api_key:
            stand_in = {URL_NAMES[0]: "http://localhost", KEY_NAMES[0]: "a:b:c"}
            try:
                resolve(options.maas_url, options.api_key, stand_in)
            except MaasError as error:
                found.append(Problem("maas_url" if "URL" in str(error) else "api_key", str(error)))
        return found

    async def rehearse(self, context: StepContext) -> None:
        """Asks MAAS for its version, and whether the key is right.

        Raises:
            StepError: it is not, or MAAS cannot be reached.
        """
        try:
            async with MaasClient(self._connection()) as client:
                await self._asked(context, client)
        except MaasError as error:
            raise StepError(str(error)) from error

    @staticmethod
    async def _asked(context: StepContext, client: MaasClient) -> None:
        context.progress("asking MAAS")
        version = await client.version()
        await client.uploaded()
        context.say(f"MAAS {version} at {client.connection.url}")

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Captures the guest, or takes the source, and uploads it; nothing of it stays here but `output`.

        Raises:
            StepError: the guest cannot be captured, or MAAS refuses or cannot be reached.
        """
        try:
            connection = self._connection()
            for warning in connection.warnings:
                context.note(warning, "warning")
            async with MaasClient(connection) as client:
                await self._asked(context, client)  # before minutes are spent
                return await self._processed(context, client)
        except MaasError as error:
            raise StepError(str(error)) from error

    def _connection(self) -> Connection:
        options, setting = self.options, self.setting
        made = resolve(
            options.maas_url, options.api_key, setting.environ,
            insecure=options.insecure_skip_verify,
        )  # fmt: skip
        for text in made.key.secret_texts:
            setting.hide(text)
        setting.services[made.url] = made
        return made

    async def _processed(self, context: StepContext, client: MaasClient) -> Artifact:
        options = self.options
        name = self._rendered(options.image_name)
        if problem := check_name(name):
            raise StepError(problem)
        if options.content == "file":
            path = Path(options.source)
            kind = await file_type(path, options.filetype)
            if FILE_TYPES[kind][1] == "root":
                await self._fits(context, path)
            hashing = counted(context, f"reading {path}")
            digest, size = await sha256_of(path, hashing)
            return await self._sent(context, client, name, kind, Captured(path, size, digest), ())
        output = self._rendered(options.output)
        path = Path(f"{output}.part") if output else self._spool()
        try:
            await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
            captured = await captured_from(context, self.setting, options, path)
            if output:
                await asyncio.to_thread(os.replace, path, output)
                captured = Captured(Path(output), captured.size, captured.sha256)
                context.say(f"Kept in {output}")
            files = (output,) if output else ()
            return await self._sent(context, client, name, captured_type(options), captured, files)
        except OSError as error:
            raise StepError(
                f"{path} cannot be written: {error.strerror}. Correct output, and retry."
            ) from error
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    async def _fits(self, context: StepContext, path: Path) -> None:
        root = await read_root(path, counted(context, f"looking into {path}"))
        for text in (
            *root.missing,
            *(f"{each[:1].upper()}{each[1:]}." for each in root.unclean[:5]),
        ):
            context.note(text, "warning")
        if root.missing and not self.options.skip_checks:
            raise StepError(
                f"{path} does not fit MAAS: {root.missing[0]} Make it anew, or set skip_checks."
            )

    async def _sent(
        self,
        context: StepContext,
        client: MaasClient,
        name: str,
        kind: str,
        captured: Captured,
        files: tuple[str, ...],
    ) -> Artifact:
        options = self.options
        request = UploadRequest(
            file=captured.path, size=captured.size, sha256=captured.sha256, name=name,
            architecture=options.architecture, filetype=kind, title=self._rendered(options.title),
            base_image=options.base_image, keep_old=options.keep_old,
        )  # fmt: skip
        stage: Stage | None = None

        def progress(now: Progress) -> None:
            nonlocal stage
            if now.stage is not stage:
                stage = now.stage
                context.say(stage.sentence)
            scale = captured.size / now.total if stage is Stage.SPREAD else 1
            context.progress(stage.value, now.done * scale, now.total * scale)

        done = await deliver(
            client, request, options.chunk_size_mb * MIB, progress,
            lambda text: context.note(text, "warning"), self.setting.recorder,
        )  # fmt: skip
        bare = bare_name(done.resource.name)
        text = f"MAAS image {bare} ({done.resource.architecture}), version {done.version}"
        context.say(f"{text}: {web_url(client.connection.url)}")
        fields = (("maas", client.connection.url), ("version", done.version),
                  ("sha256", captured.sha256), ("filetype", kind))  # fmt: skip
        return Artifact(
            BUILDER_ID, str(done.resource.id), text, files, name=bare, fields=fields, stays=True
        )

    def _rendered(self, text: str) -> str:
        setting = self.setting
        return setting.interpolation.with_build(setting.values).render(
            text, BuildName=setting.build_name, BuilderType=setting.builder_type
        )

    def _spool(self) -> Path:
        if self.setting.folder is None:
            raise StepError("There is no folder for what is captured; name one with output.")
        return self.setting.folder / "maas-capture"
