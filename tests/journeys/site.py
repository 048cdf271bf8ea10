"""A real site for journeys: the `klankbord` command in its own processes, letters in a folder, a clock we can move."""

import asyncio
import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from tests.visitor import Visitor

PATIENCE = 30.0
"""Seconds to wait for what should take less than one."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """The sample municipality, served by a process of its own. Start it with `started`."""

    folder: Path
    port: int = field(default_factory=_free_port)
    moved: timedelta = timedelta(0)
    links: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """The settings of this site's processes."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("KLANKBORD_")},
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/klankbord.db",
            "KLANKBORD_MODE": "demo",
            "KLANKBORD_PUBLIC_URL": self.url,
            "KLANKBORD_PORT": str(self.port),
            "KLANKBORD_MAIL": f"folder:{self.folder}/mail",
            "KLANKBORD_CLOCK": f"file:{self.folder}/clock",
        }

    def command(self, *words: str) -> str:
        """Run a `klankbord` command to its end and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "klankbord", *words], env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    async def start(self) -> None:
        """Load the sample, keep its sign-in links by role, serve, and wait until it answers."""
        printed = self.command("demo", "--no-serve", "--port", str(self.port))
        self.links = dict(re.findall(r"^\s*(\w+)\s.*?(http://\S+/sign-in/\S+)$", printed, re.MULTILINE))
        self.serve()
        async with httpx.AsyncClient(base_url=self.url) as http:
            for _ in range(int(PATIENCE * 10)):
                try:
                    if (await http.get("/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        raise AssertionError((self.folder / "site.log").read_text())

    def serve(self) -> None:
        """Start the site's process; `start` waits until it answers."""
        log = (self.folder / "site.log").open("ab")
        self.process = subprocess.Popen([sys.executable, "-m", "klankbord", "serve"], env=self.environ, stderr=log)

    def stop(self) -> None:
        """End the process the way an operator does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    def move_clock(self, by: timedelta) -> None:
        """Let the site's clock run ahead by this much more."""
        self.moved += by
        path = self.folder / "clock"
        path.with_suffix(".new").write_text(str(self.moved.total_seconds()))
        path.with_suffix(".new").rename(path)

    def visitor(self) -> Visitor:
        """A browser of its own on this site."""
        return Visitor(site=self.url)

    async def signed_in(self, role: str) -> Visitor:
        """A browser in which the holder of a role pressed the sign-in link."""
        visitor = self.visitor()
        await visitor.open(self.links[role])
        await visitor.press("Aanmelden")
        return visitor

    def letters(self) -> list[EmailMessage]:
        """Every letter that left, oldest first."""
        paths = sorted((self.folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    async def letter(self, *, to: str, about: str) -> str:
        """The text of the newest letter to an address whose subject or text holds these words; waits for it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for letter in reversed(self.letters()):
                text = letter.get_body(("plain",))
                written = f"{letter['Subject']}\n{text.get_content() if text else ''}"
                if letter["To"] and to in letter["To"] and about in written:
                    return written
            await asyncio.sleep(0.1)
        subjects = [(letter["To"], letter["Subject"]) for letter in self.letters()]
        raise AssertionError(f"no letter to {to} about {about!r}: {subjects[-20:]}")

    def listen(self, *topics: str) -> connect:
        """A socket that hears nudges about these topics."""
        return connect(
            f"ws://127.0.0.1:{self.port}/live?topics={','.join(topics)}", origin=Origin(self.url), open_timeout=PATIENCE
        )


async def heard(socket: ClientConnection, topic: str) -> None:
    """Wait until the socket hears of this topic."""
    async with asyncio.timeout(PATIENCE):
        async for message in socket:
            if f'"{topic}"' in str(message):
                return


def link_in(letter: str, part: str) -> str:
    """The address in a letter that holds this part."""
    found = re.search(rf"http://\S*{re.escape(part)}[^\s>)]*", letter)
    assert found, f"no link with {part} in:\n{letter}"
    return found.group()
