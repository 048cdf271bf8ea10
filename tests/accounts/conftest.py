"""Letters of the application under test, read as its receiver would."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from litestar import Litestar

from kernel.clock import StandingClock
from notify.transport import Memory
from tests.visitor import Visitor

_LINK = re.compile(r"http://panel\.test(/[^\s]+)")
_CODE = re.compile(r"^([A-Z0-9]{3}-[A-Z0-9]{3})$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """One letter that left."""

    message: EmailMessage

    @property
    def to(self) -> str:
        """Its one receiver."""
        return str(self.message["To"])

    @property
    def subject(self) -> str:
        """What it is about."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def link(self) -> str:
        """The path of its first link."""
        return str(_LINK.findall(self.text)[0])

    @property
    def code(self) -> str:
        """The code to type."""
        return str(_CODE.findall(self.text)[0])


Another = Callable[[], Visitor]
Mail = Callable[[], Awaitable[list[Letter]]]


@pytest.fixture
def mail(app: Litestar, clock: StandingClock) -> Mail:
    """Let the worker do its work, and give the letters that left since the last time."""
    post = Memory()
    app.state.worker.transport = post
    read = 0

    async def letters() -> list[Letter]:
        nonlocal read
        await app.state.worker.turn(clock.now())
        new = post.letters[read:]
        read = len(post.letters)
        return [Letter(message) for message in new]

    return letters
