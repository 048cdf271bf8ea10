"""Starts `klankbord serve` quickly, many times: imports and puts the application together once, then forks.

Reads the word `start` from standard input, answers with the process's number; says `gone` when that has ended. Nothing
is open before the fork: each process opens its own database, sockets and files.
"""

import gc
import os
import sys
from importlib import import_module
from typing import Any

NEEDED = (
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "alembic",
    "klankbord.commands.site",
    "tests.faults.recording",
)


def main() -> None:
    """Until standard input ends."""
    for module in NEEDED:
        import_module(module)
    made = _application()
    gc.freeze()
    print("ready", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(made)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


def _application() -> Any:
    """As `klankbord serve` makes it: registering all routes takes longer than all the rest of a start."""
    from kernel.settings import read_settings
    from klankbord.app import create_app

    return create_app(read_settings(os.environ), with_worker=True)


def _serve(made: Any) -> None:
    from klankbord import app
    from klankbord.cli import main as klankbord
    from tests.faults.recording import install_as_told

    app.create_app = lambda *_, **__: made
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    try:
        install_as_told()
        klankbord(["serve"])
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
