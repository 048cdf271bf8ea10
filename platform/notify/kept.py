"""Letters that a demo keeps in a folder, read back to be shown."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from kernel.errors import NotFound

_NAME = re.compile(r"[0-9A-Za-z-]{1,80}\.eml")


@dataclass(frozen=True, kw_only=True)
class KeptLetter:
    """A letter in the folder of a demo."""

    name: str
    to: str
    subject: str
    sent_at: datetime


def newest(folder: Path, most: int) -> tuple[list[KeptLetter], int]:
    """The newest letters, and how many more there are."""
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)
    return [described(path.name, _read(path)) for path in paths[:most]], max(0, len(paths) - most)


def one(folder: Path, name: str) -> EmailMessage:
    """A letter by its file's name; raises NotFound, also for names that are no letter's."""
    path = folder / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound
    return _read(path)


def described(name: str, letter: EmailMessage) -> KeptLetter:
    """What a list shows of a letter."""
    return KeptLetter(
        name=name,
        to=str(letter["To"]),
        subject=str(letter["Subject"]),
        sent_at=letter["Date"].datetime.astimezone(UTC),
    )


def part(letter: EmailMessage, kind: str) -> str:
    """The plain or HTML text of a letter."""
    body = letter.get_body((kind,))
    return str(body.get_content()) if body is not None else ""


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
