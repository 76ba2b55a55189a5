"""`oxtui completion`: what completes commands, options and their values in a shell."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from oxtui.cli.completion_scripts import SCRIPTS
from oxtui.cli.completion_words import places

HELP = """\
Print a script that lets a shell complete oxtui's commands, options and the values of those that have a
fixed choice; everything else is completed as a file name. For one shell:

  eval "$(oxtui completion bash)"      # bash, in ~/.bashrc
  eval "$(oxtui completion zsh)"       # zsh, in ~/.zshrc behind compinit
  oxtui completion fish | source       # fish, in ~/.config/fish/config.fish"""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("shell", choices=sorted(SCRIPTS), help="the shell that reads the script")


def run(arguments: Namespace) -> int:
    """Print the script."""
    print(SCRIPTS[arguments.shell](places()), end="")
    return 0
