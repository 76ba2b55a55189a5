"""sudo inside an instance takes the options that provisioning scripts use."""

from __future__ import annotations

import pytest

from tests.rack.machines.harness import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("sudo id -un", "root\n"),
        ("sudo -n -H -- id -un", "root\n"),
        ("echo password | sudo -S sh -c 'cat; echo read'", "password\nread\n"),
        ("A=1 sudo sh -c 'echo \"[$A]\"'", "[]\n"),
        ("A=1 sudo -E sh -c 'echo \"[$A]\"'", "[1]\n"),
        ("A=1 B=2 sudo --preserve-env=A sh -c 'echo \"[$A$B]\"'", "[1]\n"),
        ("sudo A='x y' B=2 sh -c 'echo \"$A$B\"'", "x y2\n"),
        ("A=1 sudo -ES env B=2 sh -c 'echo \"$A$B\"'", "12\n"),
        ("sudo sh -c 'echo $HOME $USER $LOGNAME $SUDO_USER'", "/root root root ubuntu\n"),
        ("cd /opt; sudo pwd", "/opt\n"),
        ("sudo -i pwd", "/root\n"),
        ("sudo -s -- echo a 'b  c'", "a b  c\n"),
        ("sudo -u ubuntu sh -c 'echo $HOME'", "/home/ubuntu\n"),
        ("sudo sh -c 'sudo -u ubuntu id -un'", "ubuntu\n"),
        ("sudo sh -c 'exit 9'; echo $?", "9\n"),
        ("sudo no-such-command 2>&1; echo $?", "sudo: no-such-command: command not found\n1\n"),
        ("sudo -u stranger id 2>&1; echo $?", "sudo: unknown user stranger\n1\n"),
        ("sudo --nonsense id 2>&1; echo $?", "sudo: unrecognized option '--nonsense'\n1\n"),
        ("sudo 2>&1; echo $?", "sudo: a command is required\n1\n"),
        ("sudo -v; sudo -k true; echo $?", "0\n"),
    ],
)
async def test_sudo(isolated: Bench, command: str, output: str) -> None:
    async with isolated.booted() as instance:
        if await instance.run("id -u") == "0\n":
            pytest.skip("the login user is root here")
        assert await instance.run(command) == output


async def test_who_is_not_in_the_group_sudo_is_refused(isolated: Bench) -> None:
    async with isolated.booted() as instance:
        if await instance.run("id -u") == "0\n":
            pytest.skip("the login user is root here")
        done = await instance.run("sudo -u nobody sudo id 2>&1; echo $?")
        assert done == "sudo: nobody is not in the sudoers file.\n1\n"


async def test_sudo_of_a_terminal_keeps_it(isolated: Bench) -> None:
    async with isolated.booted() as instance, instance.ssh() as connection:
        done = await connection.run("sudo sh -c 'tty; ps -o tty= $$'", term_type="xterm")
        assert str(done.stdout).startswith("/dev/pts/0")
        assert "pts/0" in str(done.stdout).splitlines()[1]
