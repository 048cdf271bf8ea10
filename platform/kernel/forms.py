"""What people typed, made safe to keep: normalised text, bounded, and errors beside the field they belong to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kernel.i18n import gettext
from kernel.plain_text import cleaned, cleaned_name
from kernel.wall_clock import instant_of

MOST_READ = 40_000
"""Characters of a field that are looked at; every field takes far fewer, and says so."""

_MAILBOX = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(kw_only=True)
class Form:
    """The parsed fields of one form. `errors` maps a field's name to the sentence shown beside it."""

    errors: dict[str, str] = field(default_factory=dict)

    def require(self, name: str, sentence: str) -> None:
        """Note the sentence as the field's error when it was left empty."""
        if not getattr(self, name):
            self.errors.setdefault(name, sentence)

    def limit(self, name: str, most: int) -> None:
        """Note an error when a text is longer than `most` characters."""
        length = len(getattr(self, name))
        if length > most:
            self.errors.setdefault(
                name,
                gettext("Dit is %(length)s tekens; er passen er %(most)s. Maak de tekst iets korter.")
                % {"length": length, "most": most},
            )


def line(data: Mapping[str, Any], name: str) -> str:
    """One line of text: as `text`, with single spaces for any space or line end."""
    return " ".join(text(data, name).split())


def text(data: Mapping[str, Any], name: str) -> str:
    """Several lines of plain text as they were typed, without what nobody sees; empty when nothing is to be seen."""
    return cleaned(_typed(data, name))


def name(data: Mapping[str, Any], field_name: str) -> str:
    """A name that people go by: one line, with nothing unseen that would tell it from another that looks the same."""
    return cleaned_name(_typed(data, field_name))


def _typed(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if isinstance(value, list):
        value = value[-1] if value else ""
    return str(value)[:MOST_READ]


def several(data: Mapping[str, Any], name: str) -> list[str]:
    """All values of a field that may be ticked more than once."""
    value = data.get(name, [])
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def ticked(data: Mapping[str, Any], name: str) -> bool:
    """Whether a box was ticked."""
    return bool(line(data, name))


def whole_number(data: Mapping[str, Any], name: str) -> int | None:
    """A whole number of at most nine digits, or None when it is not one."""
    value = line(data, name)
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else None


def email(data: Mapping[str, Any], name: str) -> str:
    """An e-mail address as typed, in lower case after the @; check it with `is_email`."""
    local, at, domain = line(data, name).rpartition("@")
    return f"{local}{at}{domain.lower()}"


def is_email(address: str) -> bool:
    """Whether this is exactly one plain mailbox: no list, no name, no quoting, at a host that can have mail."""
    local, _, host = address.rpartition("@")
    is_plain = len(local) <= 64 and bool(_MAILBOX.fullmatch(local)) and "=?" not in local  # no encoded word either
    return is_plain and len(address) <= 254 and bool(mail_host(host))


def mail_host(typed: str) -> str:
    """The part behind the @ as mail servers know it (idn as xn--…); empty when there can be no such host."""
    try:
        known = typed.encode("idna").decode().lower()
        if not typed.isascii() and known.encode().decode("idna") != typed.lower():
            return ""  # the old tables read ß as ss: that is somebody else
    except UnicodeError:
        return ""
    return known if len(known) <= 253 and _HOST.fullmatch(known) else ""


def local_moment(data: Mapping[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    """The instant that `<name>_date` (2026-12-04) and `<name>_time` (12:00) name in the zone, or None."""
    typed = f"{line(data, f'{name}_date')}T{line(data, f'{name}_time')}"
    try:
        return instant_of(datetime.fromisoformat(typed).replace(tzinfo=None), zone)
    except (ValueError, OverflowError):  # the first or last day that a date can name
        return None
