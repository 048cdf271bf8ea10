"""Starts `klankbord serve` quickly, many times: imports once, then forks a process for each start.

Reads the word `start` from standard input, answers with the process's number; says `gone` when that has ended.
"""

import gc
import os
import sys


def main() -> None:
    """Until standard input ends."""

    import klankbord.app
    import klankbord.cli
    import klankbord.commands.site  # noqa: F401 - loaded here so that no child has to

    gc.freeze()
    print("ready", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve()
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


def _serve() -> None:
    from klankbord.cli import main as klankbord
    from tests.faults.recording import install_as_told

    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    try:
        install_as_told()
        klankbord(["serve"])
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
