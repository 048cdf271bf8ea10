"""Addresses that lead nowhere. A route of its own, so that their page works like every other page."""

from litestar import get
from litestar.params import FromPath

from kernel.errors import NotFound


@get("/{address:path}", name="unknown", include_in_schema=False)
async def unknown_page(address: FromPath[str]) -> None:
    """There is nothing here."""
    raise NotFound
