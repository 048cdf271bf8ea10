"""The letters of a demo, so that somebody without a mailbox can follow the story. Not there in production."""

import asyncio
from pathlib import Path

from litestar import Controller, MediaType, get
from litestar.params import FromPath
from litestar.response import Response, Template

from kernel.errors import NotFound
from kernel.inject import Config
from kernel.settings import Settings
from notify import kept
from notify.pages import KeptLetterPage, KeptLettersPage

AT_MOST = 200
AS_IT_LOOKS = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox",
    )
)
"""A letter brings its own style and nothing else: no script runs in it, nothing is fetched."""


def _folder(settings: Settings) -> Path:
    """Raises NotFound unless this is a demo that keeps its letters."""
    if settings.mode != "demo" or settings.mail_folder is None:
        raise NotFound
    return settings.mail_folder


class DemoMail(Controller):
    """The letters of a demo."""

    path = "/demo/mail"

    @get(name="demo.mail")
    async def letters(self, settings: Config) -> Template:
        """Newest first."""
        letters, more = await asyncio.to_thread(kept.newest, _folder(settings), AT_MOST)
        return KeptLettersPage(letters=letters, more=more).response()

    @get("/{file:str}", name="demo.letter")
    async def letter(self, settings: Config, file: FromPath[str]) -> Template:
        """One letter as text, its links to follow."""
        letter = await asyncio.to_thread(kept.one, _folder(settings), file)
        attachments = [found.get_filename() or "" for found in letter.iter_attachments()]
        return KeptLetterPage(
            letter=kept.described(file, letter), text=kept.part(letter, "plain"), attachments=attachments
        ).response()

    @get("/{file:str}/html", name="demo.letter_html")
    async def as_it_looks(self, settings: Config, file: FromPath[str]) -> Response[str]:
        """The letter as a mailbox shows it, under a policy of its own."""
        letter = await asyncio.to_thread(kept.one, _folder(settings), file)
        headers = {"content-security-policy": AS_IT_LOOKS}
        return Response(kept.part(letter, "html"), media_type=MediaType.HTML, headers=headers)
