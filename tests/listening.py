"""Opens a socket as a page of the site does: asks for a ticket with the page's form token, then connects with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

PATIENCE = 30.0


async def ticket_answer(
    site: str, *topics: str, cookies: dict[str, str] | None = None, page: str = "/", **more: str
) -> httpx.Response:
    """What the site answers to a page that asks for a ticket."""
    held = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items() if name != "csrf")
    async with httpx.AsyncClient(base_url=site, timeout=PATIENCE) as http:
        shown = await http.get("/sign-in", headers={"Cookie": held})
        token = shown.cookies["csrf"]
        http.cookies.clear()
        fields = {"_csrf_token": token, "topics": ",".join(topics), "page": page, **more}
        return await http.post("/live/ticket", data=fields, headers={"Cookie": f"{held}; csrf={token}"})


async def ticket_for(site: str, *topics: str, cookies: dict[str, str] | None = None, page: str = "/") -> str:
    """A ticket for these topics."""
    answer = await ticket_answer(site, *topics, cookies=cookies, page=page)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ticket"])


def opened_with(
    site: str, ticket: str, *, origin: str | None = "same", cookies: dict[str, str] | None = None, **options: Any
) -> connect:
    """A socket with this ticket, from a page of this origin."""
    sent = Origin(site) if origin == "same" else Origin(origin) if origin else None
    held = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    return connect(
        f"{site.replace('http', 'ws', 1)}/live?ticket={ticket}",
        origin=sent,
        additional_headers={"Cookie": held} if held else None,
        open_timeout=PATIENCE,
        **options,
    )


@asynccontextmanager
async def listening(
    site: str, *topics: str, cookies: dict[str, str] | None = None, page: str = "/"
) -> AsyncIterator[ClientConnection]:
    """A socket that hears these topics, with a ticket of its own."""
    ticket = await ticket_for(site, *topics, cookies=cookies, page=page)
    async with opened_with(site, ticket, cookies=cookies) as socket:
        yield socket
