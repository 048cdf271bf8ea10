"""The address that answers a letter: it names one contribution, and only we can make it. Nothing of it is stored.

It is written in small letters and figures only: some mail servers change capitals.
"""

import hashlib
import hmac
import re
from base64 import b32encode

from kernel.settings import Settings

_SIGNED = re.compile(r"\+([0-9]{1,9})\.([a-z2-7]{24})$")


def address_for(settings: Settings, *, contribution_id: int, person_id: int) -> str:
    """Where this person's reply to this contribution goes; empty when no letters come in."""
    if not settings.mail_reply:
        return ""
    local, _, host = settings.mail_reply.partition("@")
    return f"{local}+{contribution_id}.{_signature(settings, contribution_id, person_id)}@{host}"


def contribution_of(settings: Settings, address: str) -> int | None:
    """The contribution that an address names; None when it cannot be one of ours. Not yet proof: see `is_signed`."""
    local, _, host = address.strip().lower().rpartition("@")
    ours, _, our_host = settings.mail_reply.lower().partition("@")
    found = _SIGNED.search(local)
    if not ours or host != our_host or found is None or local[: found.start()] != ours:
        return None
    return int(found[1])


def is_signed(settings: Settings, address: str, *, contribution_id: int, person_id: int) -> bool:
    """Whether we gave this address to this person for this contribution."""
    found = _SIGNED.search(address.strip().lower().rpartition("@")[0])
    return found is not None and hmac.compare_digest(found[2], _signature(settings, contribution_id, person_id))


def _signature(settings: Settings, contribution_id: int, person_id: int) -> str:
    told = f"reply:{contribution_id}:{person_id}".encode()
    made = hmac.new(settings.secret.encode(), told, hashlib.sha256).digest()
    return b32encode(made[:15]).decode().lower()
