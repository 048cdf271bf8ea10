"""Where answers to letters come in, as `klankbord doctor` finds it: the maildir, or who listens for LMTP."""

import os
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kernel.settings import MAIL_IN, Settings

UNREAD_AT_MOST = timedelta(minutes=15)
ANSWERS_WITHIN = 2.0
"""Seconds in which whoever listens says who it is."""
Finding = tuple[bool, str]
"""Whether it keeps answers from coming in, and the sentence."""


def findings(settings: Settings, *, now: datetime) -> list[Finding]:
    """What is not in order; nothing where answers come in nowhere, as is the default."""
    door = MAIL_IN.fullmatch(settings.mail_in)
    if door is None:
        return []
    return list(_about_maildir(Path(door[2]), now) if door[1] else _about_line(door[4]))


def _about_maildir(folder: Path, now: datetime) -> Iterator[Finding]:
    if not os.path.lexists(folder):
        yield _may_be_made(folder)
        return
    parts = [folder, *(part for name in ("new", "cur") if os.path.lexists(part := folder / name))]
    shut = [str(part) for part in parts if not (part.is_dir() and os.access(part, os.R_OK | os.W_OK | os.X_OK))]
    if shut:
        yield True, f"Answers by e-mail cannot be taken in: {shut[0]} is no folder that this user may read and empty."
        return
    unread = sorted(_moments(folder / "new"))
    if unread and unread[0] < now - UNREAD_AT_MOST:
        since = f"the oldest since {unread[0]:%Y-%m-%d %H:%M} UTC"
        yield True, f"{len(unread)} answers by e-mail lie unread in {folder}/new, {since}: is the site running?"
    strays = len(list(_moments(folder / "cur")))
    if strays:
        yield False, f"{strays} letters in {folder}/cur were for none of our addresses: does the mail server know them?"


def _may_be_made(folder: Path) -> Finding:
    nearest = next(one for one in folder.absolute().parents if one.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return False, f"The maildir {folder} is not there yet; the site makes it when it starts."
    return True, f"Answers by e-mail cannot be taken in: this user cannot make the maildir {folder}."


def _moments(folder: Path) -> Iterator[datetime]:
    """When each letter in a folder was brought."""
    if folder.is_dir():
        with os.scandir(folder) as found:
            for one in found:
                if one.is_file(follow_symlinks=False):
                    yield datetime.fromtimestamp(one.stat(follow_symlinks=False).st_mtime, UTC)


def _about_line(where: str) -> Iterator[Finding]:
    if where.startswith("/") and not Path(where).parent.is_dir():
        yield True, f"Answers by e-mail cannot be taken in: there is no folder {Path(where).parent} for the socket."
        return
    if where.startswith("/") and os.path.lexists(where) and not stat.S_ISSOCK(os.lstat(where).st_mode):
        yield True, f"Answers by e-mail cannot be taken in: {where} is no socket, and lies where one should be."
        return
    try:
        greeting = _greeting(where)
    except OSError:
        yield False, f"Nobody listens at {where}: answers by e-mail come in only while the site runs."
        return
    if not (greeting.startswith(b"220") and b"Klankbord" in greeting):
        yield True, f"Something else listens at {where}: answers by e-mail do not come in (KLANKBORD_MAIL_IN)."


def _greeting(where: str) -> bytes:
    """The first that is heard from whoever listens; raises OSError when that is nobody."""
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(ANSWERS_WITHIN)
        with line:
            line.connect(where)
            return _first_words(line)
    host, _, port = where.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWERS_WITHIN) as line:
        return _first_words(line)


def _first_words(line: socket.socket) -> bytes:
    try:
        return line.recv(200)
    except TimeoutError:
        return b""
