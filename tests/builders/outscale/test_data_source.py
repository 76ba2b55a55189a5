"""The outscale-omi data source in a template, against a simulated Outscale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.outscale.bench import IMAGE, bench, template

DATA = (
    'data "outscale-omi" "base" {{\n filters = {{ {filters} }}\n owners = {owners}\n {more}\n}}\n'
)


def using(filters: str, owners: str = '["Outscale"]', more: str = "", output: str = "id") -> str:
    data = DATA.format(filters=filters, owners=owners, more=more)
    return data + template(source=f"source_omi = data.outscale-omi.base.{output}")


async def test_an_image_is_looked_up_by_its_properties(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:

        async def found(text: str) -> object:
            planning = await there.plan(text)
            assert planning.plan is not None, [str(each) for each in planning.diagnostics]
            return planning.plan.builds[0].options.model_dump()["source_omi"]

        by_name = f'"image-name" = "{IMAGE}"'
        (image,) = await there.client.images.list({"ImageNames": [IMAGE]})
        assert await found(using(by_name)) == image.image_id
        assert await found(using(by_name, f'["{image.account_id}"]')) == image.image_id
        assert await found(using("", more="most_recent = true")) == image.image_id
        outputs = {
            "name": IMAGE,
            "owner": image.account_id,
            "owner_name": "Outscale",
            "creation_date": image.creation_date,
        }
        for output, value in outputs.items():
            assert await found(using(by_name, output=output)) == value

        async def told(text: str) -> str:
            planning = await there.plan(text)
            assert planning.plan is None
            return str(planning.diagnostics[0])

        assert "No image is to be seen" in await told(using('"image-name" = "none"'))
        assert "No image is to be seen" in await told(using(by_name, '["self"]'))
        assert "3 images meet" in await told(using(""))
        assert 'Did you mean "image-name"?' in await told(using('"image_name" = "x"'))
        assert '"owners"' in await told(using(by_name, "[]"))
