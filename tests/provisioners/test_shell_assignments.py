"""How variables are written for a shell, in Packer's forms and in a template's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from oxtui.provisioners.shell.assignments import BEFORE_COMMAND, IN_FILE, assignments
from oxtui.provisioners.shell.options import ShellOptions
from tests.guests import live_guest
from tests.provisioners.test_shell import provision


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (BEFORE_COMMAND, """A='x y' B='it'"'"'s' """),
        (IN_FILE, """export A='x y'\nexport B='it'"'"'s'\n"""),
        ('%s="%s"; ', """A="x y"; B="it'"'"'s"; """),
        ("setenv %v '%v'; ", """setenv A 'x y'; setenv B 'it'"'"'s'; """),
        ("100%% %[2]s<%[1]s,%s>", """100% x y<A,x y>100% it'"'"'s<B,it'"'"'s>"""),
    ],
)
def test_a_form_is_filled_as_go_fills_it(form: str, written: str) -> None:
    assert assignments({"A": "x y", "B": "it's"}, form) == written
    assert ShellOptions(inline=["true"], env_var_format=form).env_var_format == form


@pytest.mark.parametrize("form", ["%s", "x", "%s %s %d", "%s=%s %s", "%[3]s%s%s", "%s=%s %"])
def test_a_form_without_both_places_is_refused(form: str) -> None:
    with pytest.raises(ValidationError, match="has to hold %s twice"):
        ShellOptions(inline=["true"], env_var_format=form)


async def test_the_login_shell_gets_the_variables_in_the_templates_form(tmp_path: Path) -> None:
    async with live_guest(tmp_path) as live:
        for form in ('%s="%s" ', "export %s='%s'; "):
            heard = await provision(
                live, tmp_path, inline=['echo "$A"'], env={"A": "x y"}, env_var_format=form
            )
            assert heard.streams["stdout"] == b"x y\n"
        heard = await provision(
            live, tmp_path, inline=['echo "$A"'], env={"A": "x y"}, use_env_var_file=True,
            env_var_format="%s='%s'; export %[1]s\n",
        )  # fmt: skip
    assert heard.streams["stdout"] == b"x y\n"
    assert not [*tmp_path.glob("varfile_*"), *tmp_path.glob("script_*")]
