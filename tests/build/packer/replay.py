"""Stands in for packer: writes what packer 1.6.6 wrote on a terminal, and waits where packer waited.

It is called as `replay.py FOLDER WORDS…`. `FOLDER/transcript.json` has the pieces in their order; an answer
or a signal among them is waited for. What it was called with goes to `FOLDER/calls.jsonl`.
"""

import json
import os
import signal
import sys
from pathlib import Path


def main(folder: Path, words: list[str]) -> int:
    called = {
        "words": words,
        "files": {
            word.partition("=")[2]: [Path(word.partition("=")[2]).read_text(), oct(mode(word))]
            for word in words
            if word.startswith("-var-file=")
        },
        "environ": {name: os.environ.get(name) for name in ("CHECKPOINT_DISABLE", "OXIDE_TOKEN")},
    }
    with (folder / "calls.jsonl").open("a") as calls:
        calls.write(json.dumps(called) + "\n")
    if words == ["version"]:
        print((folder / "version").read_text())
        return 0
    transcript = json.loads((folder / f"{words[0]}.json").read_text())
    # Only what is waited for ends a wait, whenever it comes.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    for piece in transcript["written"]:
        if isinstance(piece, str):
            os.write(1, piece.encode())
        elif "answer" in piece:
            with open("/dev/tty", "rb", buffering=0) as terminal:
                got = b""
                while len(got) < len(piece["answer"]):
                    got += terminal.read(1)
            if got.decode() != piece["answer"]:
                os.write(1, f"Incorrect input: {got!r}\n".encode())
                return 99
        else:
            signal.sigwait({getattr(signal, piece["signal"])})
    return int(transcript["exit"])


def mode(word: str) -> int:
    return Path(word.partition("=")[2]).stat().st_mode & 0o777


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
