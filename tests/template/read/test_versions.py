"""Version constraints are those of Packer and its plugins."""

from __future__ import annotations

import pytest

from oxtui.template.load import parse_template
from oxtui.template.read.versions import allows


@pytest.mark.parametrize(
    ("constraints", "version", "expected"),
    [
        (">= 1.9", "1.16.0", True),
        (">= 1.9, < 1.16", "1.16.0", False),
        ("1.16", "1.16.0", True),
        ("= 1.16.1", "1.16", False),
        ("!= 1.16.0", "1.16.0", False),
        ("~> 1.2", "1.16.0", True),
        ("~> 1.2.3", "1.2.9", True),
        ("~> 1.2.3", "1.3.0", False),
        ("~> 1", "1.16.0", True),
        ("~>2", "1.16.0", False),
        ("> v0.1.0 , <= 2", "1.16.0", True),
        ("< 10", "9.99", True),
    ],
)
def test_versions_are_compared_number_by_number(
    constraints: str, version: str, expected: bool
) -> None:
    assert allows(constraints, version) is expected


@pytest.mark.parametrize("constraints", ["", "latest", ">= 1.x", ">> 1", "1, ,2", "< 1, oops"])
def test_other_texts_are_no_constraints(constraints: str) -> None:
    with pytest.raises(ValueError, match="is not a constraint"):
        allows(constraints, "1.0")


@pytest.mark.parametrize(
    ("inside", "summary"),
    [
        ('required_version = ">= 1.7.0"', None),
        ('required_version = ">= 2"', "Unsupported Packer Core version"),
        ('required_version = "new"', "Invalid required_version constraint"),
        ('required_plugins {\n    a = { source = "x/y/z", version = "1" }\n  }', None),
        (
            'required_plugins {\n    a = { source = "x/y/z", version = "newest" }\n  }',
            "Invalid version constraint",
        ),
    ],
)
def test_what_a_template_asks_for_is_checked(inside: str, summary: str | None) -> None:
    template = parse_template(f"packer {{\n  {inside}\n}}\n", "x.pkr.hcl")
    assert [found.summary for found in template.diagnostics] == ([summary] if summary else [])
