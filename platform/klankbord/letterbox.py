"""Where letters come in: a maildir that a mail server fills, or LMTP on this machine. Off unless a setting says so.

Beside the worker's turns. Each letter is read outside the loop, taken in one transaction, and counts once, however
often it is brought. This module sends nothing.
"""

import asyncio
import logging
import os
import re
from contextlib import suppress
from pathlib import Path

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from conversations import mail_in, replies, reply_addresses
from conversations.states import Fate
from kernel.clock import Clock
from kernel.db import Database
from kernel.errors import DomainError
from kernel.settings import MAIL_IN, Settings

LOOKS_EVERY = 3.0
"""Seconds between two looks into the maildir."""
AT_A_TIME = 20
BUSY_AT_MOST = 60.0
"""Seconds that a line of LMTP may be silent."""
TAKES = {
    Fate.NOT_OURS: "550 5.1.1 No such address",
    Fate.WRONG_SENDER: "550 5.7.1 Answer from the address that was written to",
    Fate.TOO_OFTEN: "550 5.7.1 Too many answers today",
}
"""What a mail server hears; the rest is taken, whatever becomes of it."""
_NAME = re.compile(r"[^/\x00]{1,255}")

log = structlog.get_logger()


class Letterbox:
    """Takes letters in, from the moment it is started until it is stopped."""

    def __init__(self, *, database: Database, settings: Settings, clock: Clock) -> None:
        self.database, self.settings, self.clock = database, settings, clock
        self._looking: asyncio.Task[None] | None = None
        self._server: asyncio.Server | None = None
        self._unfit: set[str] = set()

    @property
    def maildir(self) -> Path | None:
        """The folder to look in."""
        found = MAIL_IN.fullmatch(self.settings.mail_in)
        return Path(found[2]) if found and found[1] else None

    async def start(self) -> None:
        """Begin. A door that cannot be opened is logged: the site goes on without letters."""
        found = MAIL_IN.fullmatch(self.settings.mail_in)
        if found is None:
            return
        try:
            if self.maildir is not None:
                self._looking = asyncio.create_task(self._look())
            else:
                await self._listen(found[4])
        except OSError as error:
            log.error("no letters come in", where=self.settings.mail_in, exc_info=error)

    async def stop(self) -> None:
        """End; a letter that was being taken is brought again."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
            self._looking = None
        if self._server is not None:
            self._server.close()
            self._server = None

    async def take(self, raw: bytes, *, recipients: tuple[str, ...] = (), envelope_sender: str | None = None) -> Fate:
        """What becomes of one letter."""
        reading = await asyncio.to_thread(mail_in.read, raw, recipients=recipients, envelope_sender=envelope_sender)
        async with self.database.write() as tx:
            return await replies.take(tx, reading=reading, settings=self.settings, now=self.clock.now())

    # a maildir

    async def empty(self) -> int:
        """Take what lies in the maildir now; how many letters. What is not ours is left there, as seen."""
        folder = self.maildir
        if folder is None:
            return 0
        names = await asyncio.to_thread(_waiting, folder)
        taken = 0
        for name in [one for one in names if one not in self._unfit][:AT_A_TIME]:
            place = folder / "new" / name
            try:
                raw = await asyncio.to_thread(_bytes_of, place)
                fate = await self.take(raw)
                await asyncio.to_thread(_put_away, place, folder, keep=fate is Fate.NOT_OURS)
                taken += 1
            except (FileNotFoundError, DomainError):  # another process had it; or the database is away, and it waits
                continue
            except Exception as error:  # one letter must not keep the others from being taken
                self._unfit.add(name)
                log.error("letter not taken", exc_info=error)
        return taken

    async def _look(self) -> None:
        while True:
            with suppress(OSError):
                while await self.empty() == AT_A_TIME:
                    pass
            await asyncio.sleep(LOOKS_EVERY)

    # LMTP

    async def _listen(self, where: str) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # it would write addresses down
        loop = asyncio.get_running_loop()
        if where.startswith("/"):
            self._server = await loop.create_unix_server(self._line, where)
            os.chmod(where, 0o660)
        else:
            host, _, port = where.rpartition(":")
            self._server = await loop.create_server(self._line, host.strip("[]"), int(port))

    def _line(self) -> LMTP:
        return LMTP(
            _Counter(self),
            data_size_limit=mail_in.LARGEST,
            enable_SMTPUTF8=True,
            hostname="klankbord",
            ident="Klankbord",
            timeout=BUSY_AT_MOST,
            command_call_limit=200,
            loop=asyncio.get_running_loop(),
        )


class _Counter:
    """What LMTP asks; the names of its methods are the library's."""

    def __init__(self, letterbox: Letterbox) -> None:
        self.letterbox = letterbox

    async def handle_RCPT(  # noqa: N802 - the library's own name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """One receiver at a time: the library gives one answer for all of them."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        if reply_addresses.contribution_of(self.letterbox.settings, address) is None:
            return TAKES[Fate.NOT_OURS]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take the letter."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            fate = await self.letterbox.take(
                raw, recipients=tuple(envelope.rcpt_tos), envelope_sender=envelope.mail_from or ""
            )
        except DomainError:
            return "451 4.3.0 Try again later"
        return TAKES.get(fate, "250 2.0.0 OK")


def _waiting(folder: Path) -> list[str]:
    """The names of the letters that nobody took, as they came."""
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.scandir(folder / "new") as found:
        names = [one.name for one in found if one.is_file(follow_symlinks=False) and _NAME.fullmatch(one.name)]
    return sorted(names)


def _bytes_of(place: Path) -> bytes:
    """A letter, no further than it is read."""
    with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW), "rb") as letter:
        return letter.read(mail_in.LARGEST + 1)


def _put_away(place: Path, folder: Path, *, keep: bool) -> None:
    """What was taken or refused is thrown away: its text stands where it belongs, or nowhere."""
    if keep:
        place.rename(folder / "cur" / f"{place.name.partition(':')[0]}:2,")
    else:
        place.unlink()
