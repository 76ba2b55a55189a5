"""Exit statuses of well-known tools, from their manual pages; what a page leaves open is not here."""

from __future__ import annotations

from collections.abc import Mapping

Meanings = Mapping[int, str]

_APT = {100: "apt reports an error"}
_DNF = {
    1: "dnf reports an error",
    3: "dnf met an error that it does not know",
    200: "another process holds dnf's lock",
}
_GROUPADD = {
    2: "its arguments are wrong",
    3: "an argument of an option is wrong",
    4: "the number is in use already",
    9: "the name is in use already",
    10: "the group file cannot be changed",
}
_GREP = {1: "no line matches", 2: "an error, such as a file that is not there"}
_TEST = {1: "the condition is false", 2: "the condition is written wrongly"}
_DIFF = {1: "the files differ", 2: "an error, such as a file that is not there"}
_SSH = {255: "ssh failed by itself, or the command there ended with 255"}
_START = {
    3: "the unit may be started by its dependencies alone",
    4: "the permission is missing",
    5: "there is no such unit",
}
_STATUS = {3: "the unit is not active", 4: "there is no such unit"}

OF_COMMANDS: Mapping[str, Meanings] = {
    "apt": _APT,
    "apt-get": _APT,
    "dnf": _DNF,
    "zypper": {
        2: "its arguments are wrong",
        4: "libzypp reports an error",
        5: "it needs root",
        6: "there are no repositories",
        7: "another process holds its lock",
        8: "packages could not all be installed or removed",
        104: "no package provides one of the names",
        106: "a repository could not be refreshed",
    },
    "curl": {
        1: "the protocol is not supported",
        3: "the URL is malformed",
        5: "the proxy's name is not known",
        6: "the host's name is not known",
        7: "the host takes no connection",
        18: "the transfer ended before its end",
        22: "the server answered with an HTTP error (400 or more)",
        23: "the output cannot be written",
        26: "a local file cannot be read",
        28: "its time limit passed",
        35: "TLS could not be set up",
        47: "there were too many redirects",
        52: "the server answered nothing",
        55: "sending failed",
        56: "receiving failed",
        60: "the server's certificate is not trusted",
        77: "the file of trusted certificates cannot be read",
        78: "the URL names nothing that is there",
    },
    "wget": {
        2: "its arguments are wrong",
        3: "a local file cannot be read or written",
        4: "the network failed",
        5: "the server's certificate is not trusted",
        6: "user name or password are wrong",
        7: "the server broke its protocol",
        8: "the server answered with an error",
    },
    "rsync": {
        1: "its arguments are wrong",
        2: "the versions of both ends do not fit",
        3: "a file or directory cannot be chosen",
        5: "the connection to its server was not set up",
        10: "the network failed",
        11: "a file cannot be read or written",
        12: "the connection to the other end broke",
        20: "it was ended by a signal",
        23: "some files were not copied",
        24: "some files vanished meanwhile",
        30: "its time limit passed",
        35: "its server did not answer in time",
    },
    "ssh": _SSH,
    "sftp": {255: "the connection failed"},
    "git": {128: "a fatal error, which it has printed", 129: "its arguments are wrong"},
    "tar": {1: "some files changed meanwhile, or differ", 2: "a fatal error, which it has printed"},
    "dpkg": {2: "a fatal error, which it has printed"},
    "make": {2: "a target could not be made"},
    "mount": {
        1: "its arguments or the permission are wrong",
        32: "it could not be mounted",
        64: "some could be mounted, some not",
    },
    "useradd": {
        1: "the password file cannot be changed",
        2: "its arguments are wrong",
        3: "an argument of an option is wrong",
        4: "the user's number is in use already",
        6: "a group is not there",
        9: "the name is in use already",
        10: "the group file cannot be changed",
        12: "the home directory cannot be made",
    },
    "groupadd": _GROUPADD,
    "grep": _GREP,
    "egrep": _GREP,
    "fgrep": _GREP,
    "test": _TEST,
    "diff": _DIFF,
    "cmp": _DIFF,
    "timeout": {124: "the time limit passed", 125: "timeout(1) itself failed"},
    "chroot": {125: "chroot itself failed"},
}
"""By name of the command."""

OF_SUBCOMMANDS: Mapping[tuple[str, str], Meanings] = {
    **{
        ("systemctl", verb): _START
        for verb in ("start", "stop", "restart", "reload", "try-restart", "reload-or-restart")
    },
    **{("systemctl", verb): _STATUS for verb in ("status", "is-active")},
    ("systemctl", "is-enabled"): {1: "the unit is not enabled"},
    **{("docker", verb): {125: "docker itself failed"} for verb in ("run", "exec")},
}
"""By name and its first word that is no option."""
