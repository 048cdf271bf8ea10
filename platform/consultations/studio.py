"""Where pictures and documents are made anew: in a process of its own each, two at a time, outside the event loop."""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from consultations import reencode
from kernel.errors import Busy, DomainError
from kernel.i18n import N_

AT_ONCE = 2
TAKES_AT_MOST = 25.0
"""Seconds of the clock; its own limit of computing time ends a bomb sooner."""
_PROGRAM = str(Path(reencode.__file__).resolve())


class FileRefused(DomainError):
    """What was sent cannot be kept. The word is what the program said."""

    code: ClassVar[str] = "file_refused"
    status: ClassVar[int] = 422
    message: ClassVar[str] = N_("Dit bestand kunnen wij niet gebruiken. Kies een foto (JPEG of PNG) of een PDF.")
    SENTENCES: ClassVar[dict[str, str]] = {
        "kind": N_("Dit is geen foto (JPEG of PNG) en geen PDF. Kies een ander bestand."),
        "large": N_("Dit bestand is te groot. Een foto mag 12 MB zijn, een PDF 4 MB. Kies een kleiner bestand."),
        "pages": N_("Deze PDF heeft te veel bladzijden. Er passen er 10. Kies wat het belangrijkste is."),
        "locked": N_("Deze PDF is op slot. Bewaar haar zonder wachtwoord en probeer het opnieuw."),
        "broken": N_(
            "Dit bestand is beschadigd. Open het op uw eigen apparaat, bewaar het opnieuw en probeer het nog eens."
        ),
    }

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    @property
    def told(self) -> str:
        """The sentence for this word."""
        return self.SENTENCES.get(self.word, self.message)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file as we keep it. `width` and `height` of a picture in pixels; of a document its pages, and 0."""

    is_picture: bool
    width: int
    height: int
    body: bytes


class Studio:
    """One for each process."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def make(self, raw: bytes) -> Made:
        """Made anew. Raises FileRefused, and Busy when there is no place for it in time."""
        try:
            async with asyncio.timeout(TAKES_AT_MOST):
                await self._places.acquire()
        except TimeoutError:
            raise Busy from None
        try:
            return await _made(raw)
        finally:
            self._places.release()


async def _made(raw: bytes) -> Made:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", _PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},  # no setting, and no secret
        cwd="/",
    )
    try:
        async with asyncio.timeout(TAKES_AT_MOST):
            told, why = await program.communicate(raw)
    except TimeoutError:
        raise FileRefused("broken") from None
    finally:
        if program.returncode is None:
            with suppress(ProcessLookupError):
                program.kill()
            await program.wait()
    if program.returncode != 0:
        raise FileRefused(why.decode("utf-8", "replace").split(" ")[0].strip() or "broken")
    head, _, body = told.partition(b"\n")
    kind, width, height = head.decode().split(" ")
    return Made(is_picture=kind == "jpeg", width=int(width), height=int(height), body=body)
