"""The scripts: tables of words for bash, zsh and fish, with as little of a program around them as each needs.

Options are offered with the dashes that were typed: `-on-error` as Packer writes it, `--on-error` too.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from oxtui.cli.completion_words import Flag, Spot


def _names(flag: Flag) -> Iterable[str]:
    """Both spellings of each name."""
    for name in flag.names:
        yield name
        if name.startswith("--"):
            yield name[1:]


def _paths(spots: Sequence[Spot]) -> list[str]:
    return [spot.path for spot in spots if spot.path]


def _arms(spots: Sequence[Spot], shell: str) -> Iterable[str]:
    """Arms of the `case` on `PATH:PREVIOUS` that end with the values of an option."""
    for spot in spots:
        for flag in spot.flags:
            if flag.takes:
                labels = "|".join(shlex.quote(f"{spot.path}:{name}") for name in _names(flag))
                yield f"        {labels}) {_VALUES[shell](flag)} ;;"


_VALUES: Final[dict[str, Callable[[Flag], str]]] = {
    "bash": lambda flag: (
        f'COMPREPLY=($(compgen -W {shlex.quote(" ".join(flag.values))} -- "$current")); return'
        if flag.values
        else "return"
    ),
    "zsh": lambda flag: (
        f"compadd -- {shlex.join(flag.values)}; return" if flag.values else "_files; return"
    ),
}


def _walk(paths: Iterable[str]) -> str:
    """The `case` that follows the words of a command, up to the one that is typed."""
    arms = "|".join(shlex.quote(path) for path in paths)
    return f'case "${{at:+$at }}$word" in {arms}) at="${{at:+$at }}$word" ;; esac'


def bash(spots: Sequence[Spot]) -> str:
    """For bash 4 and later; what is not known here, readline completes as a file."""
    tables = [
        f"        {shlex.quote(spot.path)}) words={shlex.quote(' '.join(spot.words))}"
        f" flags={shlex.quote(' '.join(name for flag in spot.flags for name in _names(flag)))} ;;"
        for spot in spots
    ]
    return "\n".join(
        [
            "_oxtui() {",
            '    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at="" word words flags',
            "    COMPREPLY=()",
            "    if [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi",
            '    if [[ $current == = ]]; then current=""; fi',
            '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
            f"        {_walk(_paths(spots))}",
            "    done",
            '    case "$at:$previous" in',
            *_arms(spots, "bash"),
            "    esac",
            '    case "$at" in',
            *tables,
            "    esac",
            '    case "$current" in',
            '        -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;',
            '        *) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;',
            "    esac",
            "}",
            "complete -o default -F _oxtui oxtui",
            "",
        ]
    )


def zsh(spots: Sequence[Spot]) -> str:
    """For zsh, with a line of help beside each word."""
    tables = []
    for spot in spots:
        words = [f"{_colon(word)}:{help_}" for word, help_ in spot.words.items()]
        flags = [f"{_colon(name)}:{flag.help}" for flag in spot.flags for name in _names(flag)]
        tables.append(
            f"        {shlex.quote(spot.path)}) offered=({shlex.join(words)}) flags=({shlex.join(flags)}) ;;"
        )
    return "\n".join(
        [
            "#compdef oxtui",
            "_oxtui() {",
            '    local current=${(Q)words[CURRENT]} previous=${words[CURRENT-1]} at="" word',
            "    local -a before=(${words[2,CURRENT-1]}) offered flags",
            "    for word in $before; do",
            f"        {_walk(_paths(spots))}",
            "    done",
            '    case "$at:$previous" in',
            *_arms(spots, "zsh"),
            "    esac",
            '    case "$at" in',
            *tables,
            "    esac",
            "    if [[ $current == -* ]]; then",
            "        _describe -o option flags",
            "    else",
            "        (( $#offered )) && _describe command offered",
            "        [[ -n $at && $#offered -gt 0 ]] || _files",
            "    fi",
            "}",
            'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _oxtui "$@"; else compdef _oxtui oxtui; fi',
            "",
        ]
    )


def _colon(word: str) -> str:
    return word.replace(":", r"\:")


def fish(spots: Sequence[Spot]) -> str:
    """For fish, with a line of help beside each word."""
    lines = [
        "function __oxtui_path",
        "    set -l path",
        "    for word in (commandline -opc)[2..-1]",
        "        switch (string join -- ' ' $path $word)",
        f"            case {' '.join(map(_fish, _paths(spots)))}",
        "                set -a path $word",
        "        end",
        "    end",
        "    string join -- ' ' $path",
        "end",
        "function __oxtui_at",
        '    test (__oxtui_path | string collect; or echo "") = "$argv"',
        "end",
    ]
    for spot in spots:
        at = f"-n {_fish(f'__oxtui_at {spot.path}'.rstrip())}"
        lines += [
            f"complete -c oxtui {'-f ' if spot.path else ''}{at} -a {_fish(word)} -d {_fish(help_)}"
            for word, help_ in spot.words.items()
        ]
        for flag in spot.flags:
            names = " ".join(
                f"-l {name[2:]} -o {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                for name in flag.names
            )
            takes = "" if not flag.takes else " -r"
            if flag.values:
                takes = f" -x -a {_fish(' '.join(flag.values))}"
            lines.append(f"complete -c oxtui {at} {names}{takes} -d {_fish(flag.help)}")
    return "\n".join([*lines, ""])


def _fish(text: str) -> str:
    """A word of fish: in single quotes only ' and the backslash mean something."""
    return "'" + re.sub(r"(['\\])", r"\\\1", text) + "'"


SCRIPTS: Final[dict[str, Callable[[Sequence[Spot]], str]]] = {
    "bash": bash,
    "fish": fish,
    "zsh": zsh,
}
