"""A municipality's own colours: a file of design tokens that the site serves itself."""

import hashlib
from functools import cache
from pathlib import Path

from litestar import get
from litestar.response import Response

from kernel.errors import NotFound
from kernel.inject import Config
from kernel.settings import Settings

PATH = "/theme.css"


@cache
def _tokens(path: str) -> tuple[bytes, str]:
    """The file and its version; read once, as settings are."""
    told = Path(path).read_bytes()
    return told, hashlib.sha256(told).hexdigest()[:12]


def theme_url(settings: Settings) -> str | None:
    """Where the municipality's tokens are, when it has some; browsers may keep them for ever."""
    return f"{PATH}?v={_tokens(settings.theme)[1]}" if settings.theme else None


@get(PATH, name="theme")
async def theme_file(settings: Config) -> Response[bytes]:
    """The tokens as they stand in the file."""
    if not settings.theme:
        raise NotFound
    return Response(_tokens(settings.theme)[0], media_type="text/css")
