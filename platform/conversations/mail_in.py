"""A letter as it comes in: bytes that anybody may have sent. Pure, and bounded in time and size.

Whatever is wrong with it ends in a word (`problem`), never in an error: its sender chose every byte.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses, parseaddr
from html import unescape
from typing import Any

from conversations.quotes import own_words
from conversations.states import Fate
from kernel.plain_text import cleaned

LARGEST = 1_000_000
"""Bytes; who has more to say, says it on the page. An attachment is no answer."""
MOST_HEADERS = 400
MOST_PARTS = 40
"""Also of `boundary`: the library reads each line once for every part that it lies in."""
MOST_HOPS = 40
MOST_TEXT = 60_000
"""Characters of text that are looked at, quoted letters included."""
_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_MACHINES = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce[sd]?|listserv)\b", re.IGNORECASE)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_TAG = re.compile(r"(/?[a-zA-Z][a-zA-Z0-9]{0,20})")
_UNSEEN = frozenset({"style", "script", "title"})
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "blockquote", "h1", "h2", "h3", "table", "hr"})


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a letter says. `problem` is why it can be no answer, whoever sent it."""

    fingerprint: str
    recipients: tuple[str, ...] = ()
    sender: str = ""
    text: str = ""
    problem: Fate | None = None


def read(raw: bytes, *, recipients: Iterable[str] = (), envelope_sender: str | None = None) -> Reading:
    """Read a letter. The envelope, when there is one, says whom it is for and (empty) that no answer may be sent."""
    known = tuple(recipients)
    try:
        return _read(raw[:LARGEST], known, envelope_sender, is_whole=len(raw) <= LARGEST)
    except Exception:  # the library raises a dozen kinds for what strangers write
        return Reading(fingerprint=_hash(raw), recipients=known, problem=Fate.UNREADABLE)


def _read(raw: bytes, known: tuple[str, ...], envelope_sender: str | None, *, is_whole: bool) -> Reading:
    head = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")[0]
    if head.count(b"\n") > MOST_HEADERS * 5 or raw.lower().count(b"boundary") > MOST_PARTS:
        return Reading(fingerprint=_hash(raw), recipients=known, problem=Fate.UNREADABLE)
    letter = message_from_bytes(raw if is_whole else head + b"\n\n", policy=policy.compat32)
    sender = parseaddr(_header(letter, "from"))[1].strip()
    told = known or tuple(address for _, address in getaddresses(_all(letter, _RECIPIENTS))[:100])
    facts: dict[str, Any] = {"recipients": told, "sender": sender}
    if _is_automatic(letter, sender, envelope_sender):
        return Reading(fingerprint=_print_of(letter, raw), problem=Fate.AUTOMATIC, **facts)
    if not is_whole:
        return Reading(fingerprint=_print_of(letter, raw), problem=Fate.TOO_LONG, **facts)
    found = _text_of(letter)
    text = cleaned(own_words(found[:MOST_TEXT]))
    problem = Fate.EMPTY if not text else None
    return Reading(fingerprint=_print_of(letter, raw), text=text, problem=problem, **facts)


def _hash(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()


def _print_of(letter: Message, raw: bytes) -> str:
    """The same for a letter that is delivered twice along another way; another for each that was written."""
    named = _header(letter, "message-id")
    body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")[2]
    return _hash(named.encode("utf-8", "replace") + b"\0" + body)


def _header(letter: Message, name: str) -> str:
    value = letter.get(name)
    return str(value)[:1_000] if value is not None else ""


def _all(letter: Message, names: Iterable[str]) -> list[str]:
    return [str(value)[:5_000] for name in names for value in letter.get_all(name, [])[:20]]


def _is_automatic(letter: Message, sender: str, envelope_sender: str | None) -> bool:
    """Sent by a machine, or on behalf of many: nobody answers a letter of ours with it (RFC 3834)."""
    auto = _header(letter, "auto-submitted").partition(";")[0].strip().lower()
    machine_says = any(letter.get(name) is not None for name in ("x-autoreply", "x-autorespond", "x-failed-recipients"))
    of_a_list = any(letter.get(name) is not None for name in ("list-id", "list-unsubscribe"))
    is_report = letter.get_content_type() in {"multipart/report", "message/delivery-status"}
    no_return = envelope_sender in {"", "<>"} or _header(letter, "return-path").strip() == "<>"
    hops = len(letter.get_all("received", []))
    return (
        auto not in {"", "no"}
        or _header(letter, "precedence").strip().lower() in _BULK
        or (machine_says or of_a_list or is_report or no_return)
        or not sender
        or bool(_MACHINES.match(sender))
        or hops > MOST_HOPS
    )


def _text_of(letter: Message) -> str:
    """The words of the first part that is plain text, else of the first that is HTML; attachments are passed over."""
    html = ""
    for part in _parts(letter):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in {"text/plain", "text/html"}:
            continue
        words = _decoded(part)
        if kind == "text/plain" and words.strip():
            return words
        html = html or words
    return _words_of(html)


def _parts(letter: Message) -> Iterator[Message]:
    """The parts in order, not by recursion: a letter may hold thousands inside each other."""
    waiting, seen = [letter], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        below = part.get_payload()
        if part.is_multipart() and isinstance(below, list):
            if part.get_content_type() != "message/rfc822":
                waiting += [one for one in reversed(below[:MOST_PARTS]) if isinstance(one, Message)]
        else:
            yield part


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    written = payload if isinstance(payload, bytes) else b""
    charset = (part.get_content_charset() or "utf-8")[:40]
    for name in (charset, "utf-8", "cp1252"):
        try:
            return written.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return written.decode("latin-1")


def _words_of(html: str) -> str:
    """The words of an HTML letter, a line for each block; quoted blocks as quoted lines.

    Read from one `<` to the next: the library's parser takes quadratic time for some of what can be sent.
    """
    first, *pieces = html[: 4 * MOST_TEXT].split("<")
    written, hidden, quoted = [_shown(first)], "", 0
    for piece in pieces:
        inside, _, text = piece.partition(">")
        name = _TAG.match(inside)
        tag = name[1].lower() if name else ""
        if hidden:
            hidden = "" if tag == f"/{hidden}" else hidden
            continue
        if tag in _UNSEEN:
            hidden = tag
            continue
        if tag.removeprefix("/") in _BLOCKS:
            quoted = max(0, quoted + {"blockquote": 1, "/blockquote": -1}.get(tag, 0))
            written.append("\n" + "> " * min(quoted, 3))
        written.append(_shown(text))
    return "".join(written)


def _shown(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(text))
