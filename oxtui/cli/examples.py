"""What each command is used for, as lines that can be typed; its help ends with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

EXAMPLES: Final[tuple[tuple[str, str], ...]] = (
    ("oxtui", "open the screens"),
    ("oxtui web.pkr.hcl", "open a template in them"),
    ("oxtui attach", "answer the stops of the session that runs"),
    ("oxtui attach 41 --shell", "enter the instance of session 41"),
    ('oxtui attach 41 run "systemctl --failed"', "print what a command prints there"),
    ("oxtui build web.pkr.hcl", "build every image of a template"),
    ("oxtui build -var release=24.04 -only 'web.*' .", "some builds of a folder, with a value"),
    ("oxtui build --break-on-error --break-timeout 2h .", "wait at a failure, for `oxtui attach`"),
    ("oxtui build --json web.pkr.hcl > build.jsonl", "one record a line, for programs"),
    ("oxtui bundle last -o failed.oxtui", "pack the last session for a colleague"),
    ("oxtui checkpoints", "list them, with what each takes of the quota"),
    ("oxtui checkpoints prune --older-than 168h", "remove old ones"),
    ("oxtui completion bash", "print the script for bash"),
    ("oxtui console web.pkr.hcl", "ask for expressions, with the template's values"),
    ("echo 'upper(\"x\")' | oxtui console", "evaluate one"),
    ("oxtui demo", "the screens on a simulated rack"),
    ("oxtui demo < /dev/null | cat", "build the example there and prove the image"),
    ("oxtui export last -o web.pkr.hcl", "write what the last session did"),
    ("oxtui export 41 --diff", "show what differs from its template"),
    ("oxtui fix old.json > new.json", "bring an old template up to date"),
    ("oxtui fmt -check -diff -recursive .", "show what is not laid out, as CI does"),
    ("oxtui fmt web.pkr.hcl", "lay a file out"),
    ("oxtui hcl2_upgrade web.json", "write web.json.pkr.hcl"),
    ("oxtui image list --project web", "images that the project can use"),
    (
        "oxtui image upload disk.raw.gz --project web --name base --os debian --os-version 12",
        "make an image of a file",
    ),
    ("oxtui image boot base --project web", "start a test instance from it"),
    ("oxtui image promote base --project web", "give it to the whole silo"),
    ("oxtui info", "every setting and what decided it"),
    ("oxtui info --example > settings.toml", "a settings file to begin with"),
    ("oxtui init web.pkr.hcl", "tell what is built in"),
    ("oxtui inspect -var release=24.04 web.pkr.hcl", "variables with their values, and builds"),
    ("oxtui instance list --project web", "its instances"),
    ("oxtui instance console db --project web", "its serial console"),
    ("oxtui instance delete db --project web --stop --boot-disk", "remove it and its disk"),
    ("oxtui keys", "every key, with the id to give it another"),
    ("oxtui login --host https://oxide.example.com", "log in to a rack in a browser"),
    ("oxtui logout --profile staging --revoke", "forget a profile, and end its token"),
    ("oxtui maas images", "those that were uploaded"),
    (
        "oxtui maas upload web.tar.gz --name custom/web --base-image ubuntu/noble",
        "make an image of a root file system",
    ),
    ("oxtui project list", "projects that you may see"),
    ("oxtui rack serve", "a simulated rack until ctrl+c"),
    ("oxtui rack serve --cloud outscale", "a simulated Outscale"),
    ("oxtui replay last", "play the last session again"),
    ("oxtui replay failed.oxtui", "play one that a colleague packed"),
    ("oxtui resume last", "go on with the last session"),
    ("oxtui resume 41 -on-error=ask", "with session 41, and ask at a failure"),
    ("oxtui sessions", "list them"),
    ("oxtui sessions show last", "tell what happened in the last one"),
    ("oxtui ssh-key list", "your keys"),
    ("oxtui ssh-key add laptop ~/.ssh/id_ed25519.pub", "give new instances this key"),
    ("oxtui sweep", "list what dead sessions left, and ask"),
    ("oxtui sweep --yes --older-than 12h", "remove it, in a nightly job"),
    ("oxtui validate web.pkr.hcl", "tell every error"),
    ("oxtui validate -syntax-only .", "only whether it can be read"),
    ("oxtui version", "of oxtui and of Packer's language"),
)


def examples_of(program: str) -> Iterator[tuple[str, str]]:
    """The lines of a command (`oxtui image upload`), with what each does; of `oxtui` those without a command."""
    for line, told in EXAMPLES:
        own = line.partition("| ")[2] or line
        if program == "oxtui":
            if line in ("oxtui", "oxtui web.pkr.hcl"):
                yield line, told
        elif own == program or own.startswith(f"{program} "):
            yield line, told
