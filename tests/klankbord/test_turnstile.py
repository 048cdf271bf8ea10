"""Forms enter a few at a time and whole; nobody is kept out by somebody else's slow line."""

import asyncio
from typing import Any

import pytest

from kernel.errors import Busy, TooSlow
from klankbord.turnstile import INSIDE, Turnstile


class Room:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.most = 0
        self.bodies: dict[str, bytes] = {}
        self.refused: list[str] = []
        self.go_on = asyncio.Event()
        self.read_on = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        name = scope["path"]
        if "refusal" in scope:
            assert isinstance(scope["refusal"], Busy)
            self.refused.append(name)
            return
        self.inside.append(name)
        self.most = max(self.most, len(self.inside))
        self.bodies[name] = b""
        while True:
            message = await receive()
            self.bodies[name] += message["body"]
            if not message["more_body"]:
                break
        await self.go_on.wait()
        self.inside.remove(name)
        await send({"type": "http.response.start", "status": 303, "headers": []})
        await self.read_on.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def form(*parts: bytes, hangs: bool = False) -> Any:
    """What a client sends, in these parts; the last one never comes when it hangs."""
    left = list(parts)

    async def receive() -> Any:
        if not left:
            await asyncio.sleep(3600)
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left) or hangs}

    return receive


async def nobody(message: Any) -> None:
    """A client that takes what it gets."""


async def test_a_few_are_inside_and_a_slow_reader_is_not_one_of_them() -> None:
    turnstile, room = Turnstile(), Room()
    names = [f"/{n}" for n in range(3 * INSIDE)]
    sent = [
        asyncio.create_task(turnstile.let_in(room, {"path": name}, form(b"a=", b"1"), nobody))  # type: ignore[arg-type]  # as much of a scope as is looked at
        for name in names
    ]
    await asyncio.sleep(0.05)
    assert room.inside == names[:INSIDE]

    room.go_on.set()  # all get their answer's head, and nobody reads on
    await asyncio.sleep(0.05)

    assert (room.inside, room.most) == ([], INSIDE)
    assert room.bodies == dict.fromkeys(names, b"a=1")
    room.read_on.set()
    await asyncio.gather(*sent)


async def test_a_form_that_is_still_coming_takes_no_place() -> None:
    turnstile, room = Turnstile(), Room()
    slow = [
        asyncio.create_task(turnstile.let_in(room, {"path": f"/slow/{n}"}, form(b"a=", hangs=True), nobody))  # type: ignore[arg-type]  # as above
        for n in range(2 * INSIDE)
    ]
    room.go_on.set()
    room.read_on.set()

    await asyncio.wait_for(turnstile.let_in(room, {"path": "/whole"}, form(b"a=1"), nobody), 1)  # type: ignore[arg-type]  # as above

    assert room.bodies == {"/whole": b"a=1"}
    for one in slow:
        one.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_who_waits_too_long_outside_is_refused_as_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klankbord.turnstile.WAITS_AT_MOST", 0.05)
    turnstile, room = Turnstile(), Room()
    inside = [
        asyncio.create_task(turnstile.let_in(room, {"path": f"/{n}"}, form(b"a=1"), nobody))  # type: ignore[arg-type]  # as above
        for n in range(INSIDE)
    ]
    await asyncio.sleep(0.01)

    await turnstile.let_in(room, {"path": "/next"}, form(b"a=1"), nobody)  # type: ignore[arg-type]  # as above

    assert (room.refused, len(room.inside)) == (["/next"], INSIDE)
    room.go_on.set()
    room.read_on.set()
    await asyncio.gather(*inside)
    await asyncio.wait_for(turnstile.let_in(room, {"path": "/later"}, form(b"a=1"), nobody), 1)  # type: ignore[arg-type]  # as above


async def test_a_form_that_does_not_come_whole_is_refused_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klankbord.turnstile.ARRIVES_WITHIN", 0.05)
    turnstile, scope = Turnstile(), {"path": "/slow"}

    with pytest.raises(TooSlow):
        await turnstile.let_in(Room(), scope, form(b"a=", hangs=True), nobody)  # type: ignore[arg-type]  # as above

    assert scope["came_too_slowly"]
