"""Everything that the town shows, and what is different about it when other texts stand in it."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from httpx import Response
from icalendar import Calendar
from litestar import Litestar

from consultations.exports import bare_cell
from kernel.db import Database
from notify import letters
from notify.letters import header_safe
from notify.models import Message
from tests.fuzz.pages import links_on
from tests.hostile.shapes import shape_of, squeezed
from tests.hostile.town import Town
from tests.moments import NOON
from tests.notify.test_hostile_texts import arrived
from tests.visitor import Visitor

SECRET = re.compile(r"(?<=/)[\w-]{32}(?![\w-])|\b[A-Z0-9]{3}-[A-Z0-9]{3}\b")
"""In addresses and letters: new each time."""
FORMULA = re.compile(r"[\s\"'`‘’“”«»\ufeff\u200b-\u200f]*[=+\-@＝＋－＠]")
"""What a spreadsheet could calculate; our own apostrophe is looked for before this."""
Put = Callable[[str], str]
"""Puts the texts of a place where the harmless ones stood."""


@dataclass
class Shown:
    """What was shown, by address: pages, files, JSON; and the letters that were written."""

    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    letters: dict[str, EmailMessage] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


READ_BY_PEOPLE = {"SUMMARY", "LOCATION", "DESCRIPTION"}
FILES = re.compile(r"\.(ics|csv|jsonl|json|xml|txt)$|^/v1/")
FIRST = ["/account/data", "/account/data/download.html", "/account/data/download.json"]
"""They count what happened, looking among it: they are looked at before the rest."""


async def walk(visitor: Visitor, town: Town, *, of_a_kind: int) -> Shown:
    """Every page and file that somebody who may do everything finds, so many of each route, as links lead there."""
    ahead = [
        *FIRST,
        *town.addresses,
        "/",
        "/desk",
        "/moderation?show=reports",
        "/moderation?show=appeals",
        "/v1/openapi.json",
        "/v1/panels",
    ]
    ahead += ["/v1/consultations", "/v1/recommendations", "/sign-in?next=/desk", "/following", "/unknown"]
    ahead += [
        f"/receipts/{secret}{part}" for secret in town.secrets for part in ("", "/decision", "/revise", "/appeal")
    ]
    ahead += [
        f"/{kind}/{secret}" for secret in town.secrets for kind in ("confirm", "endorse", "follow", "unsubscribe")
    ]
    known, times, shown = set(ahead), Counter[str](), Shown()
    while ahead:
        address = ahead.pop(0)
        shape = re.sub(r"\d+|/(receipts|confirm|endorse|follow|unsubscribe)/[^/?]+", "0", address)
        shape = re.sub(r"(?<=/consultations/)[^/?]+|(?<=/panels/)[^/?]+", "0", shape)
        if times[shape] >= of_a_kind and address not in town.addresses:
            continue
        answer = await visitor.http.get(address, follow_redirects=False)
        if answer.status_code == 404 and "/0" in shape:
            continue  # a secret that opens something else
        times[shape] += address not in town.addresses
        _take(shown, address, answer)
        more = links_on(answer.text) if answer.headers.get("content-type", "").startswith("text/html") else []
        if address.startswith("/v1/") and answer.status_code == 200:
            more = list(_resources(address, answer.json()))
        new = [link for link in dict.fromkeys(more) if link not in known and "sign-out" not in link]
        known |= set(new)
        ahead += new
    return shown


def _resources(address: str, told: Any) -> Iterator[str]:
    if address in {"/v1/panels", "/v1/consultations"}:
        for row in told:
            yield f"{address}/{row['slug']}"
            yield from (f"{address}/{row['slug']}/{part}" for part in _parts(address))
    if address.endswith("/ideas"):
        yield from (f"/v1/ideas/{row['id']}/comments" for row in told["ideas"] if row["comments"])
    if address.endswith("/meetings"):
        yield from (f"/v1/meetings/{row['id']}/agenda" for row in told)


def _parts(address: str) -> tuple[str, ...]:
    return ("meetings",) if address == "/v1/panels" else ("ideas", "themes", "ledger")


def _take(shown: Shown, address: str, answer: Response) -> None:
    shown.headers[address] = dict(answer.headers)
    if answer.status_code >= 500:
        shown.failed.append(f"{address}: {answer.status_code}")
    elif FILES.search(urlsplit(address).path):
        shown.files[address] = answer.content
    else:
        where_to = answer.headers.get("location", "")
        shown.pages[address] = f"<!doctype html><i class='{answer.status_code} {where_to}'></i>{answer.text}"


async def look(visitor: Visitor, before: Shown, addresses: Collection[str] | None = None) -> Shown:
    """Open every address once more, or some, in the same order."""
    shown = Shown()
    for address in before.headers:
        if addresses is None or address in addresses:
            _take(shown, address, await visitor.http.get(address, follow_redirects=False))
    return shown


def enough(before: Shown, places: dict[int, str], *, times: int) -> set[str]:
    """Every file, and so many pages that each column that is shown at all is on so many of them."""
    met, chosen = Counter[str](), set(before.files)
    for address, page in before.pages.items():
        here = {places[int(number)] for number in re.findall(r"w([0-9]+)z rustig", page)}
        if any(met[column] < times for column in here):
            chosen.add(address)
            met.update(here)
    return chosen


async def write_letters(database: Database, app: Litestar, town: Town, shown: Shown) -> None:
    """Every letter that waits, as it would be written now."""
    state = app.state
    for message_id in town.messages:
        async with database.write() as tx, tx.begin_nested() as undone:
            message = await tx.get_one(Message, message_id)
            try:
                letter = await letters.write(
                    tx, message=message, environment=state.environment, settings=state.settings, now=NOON
                )
                shown.letters[message.template] = arrived(letter)
            except letters.NotSendable as refusal:
                shown.letters[message.template] = EmailMessage()
                shown.letters[message.template]["Subject"] = f"not sent: {refusal}"
            except Exception as error:  # this is what is looked for
                shown.failed.append(f"letter {message.template}: {error!r}")
            await undone.rollback()


def differences(before: Shown, after: Shown, put: Put, *, is_exact: bool) -> list[str]:
    """What is not as it was with harmless texts, but for those texts. Without `is_exact`: only what it is made of."""
    found = list(after.failed)
    for address, page in before.pages.items():
        if address in after.pages:
            found += [f"{address}: {one}" for one in _of_page(page, after.pages[address], put, is_exact=is_exact)]
    for address, file in before.files.items():
        if address in after.files:
            found += [f"{address}: {one}" for one in _of_file(address, file, after.files[address], put, is_exact)]
    for name, letter in before.letters.items():
        if name in after.letters:
            found += [f"letter {name}: {one}" for one in _of_letter(letter, after.letters[name], put, is_exact)]
    return found


def _of_page(before: str, after: str, put: Put, *, is_exact: bool) -> Iterator[str]:
    was, now = shape_of(before), shape_of(after)
    yield from (f"a link that is none of ours: {link[:200]}" for link in now.stray_links)
    if len(was.elements) != len(now.elements):
        more = [one for one in now.elements if one not in was.elements]
        fewer = [one for one in was.elements if one not in now.elements]
        yield f"{len(was.elements)} elements became {len(now.elements)}: {fewer[:2]} became {more[:2]}"
        return
    for then, thing in zip(was.elements, now.elements, strict=True):
        if then[0] != thing[0] or [name for name, _ in then[1]] != [name for name, _ in thing[1]]:
            yield f"{then} became {thing}"
        elif is_exact:
            for (name, value), (_, new) in zip(then[1], thing[1], strict=True):
                if squeezed(put(value)) != squeezed(new):
                    yield f"{then[0]} {name}={value[:80]!r} became {new[:200]!r}"
    if is_exact and (other := _first_difference(squeezed(put(was.text)), squeezed(now.text))):
        yield f"other words: {other}"


def _first_difference(wanted: str, text: str) -> str:
    """Where a text is not what it should be; an ellipsis stands for the rest of what stood there."""
    here = there = 0
    while wanted[here:] != text[there:]:
        pairs = zip(wanted[here:], text[there:], strict=False)
        same = next(
            (n for n, (one, other) in enumerate(pairs) if one != other), min(len(wanted) - here, len(text) - there)
        )
        here, there = here + same, there + same
        dots = next((one for one in ("…", "...") if text.startswith(one, there)), "")
        rest = text[there + len(dots) : there + len(dots) + 20].partition("…")[0]
        if not dots or (found := wanted.find(rest, here)) < 0:
            return f"{wanted[max(0, here - 30) : here + 60]!a} became {text[max(0, there - 30) : there + 60]!a}"
        here, there = found, there + len(dots)
    return ""


def _of_file(address: str, before: bytes, after: bytes, put: Put, is_exact: bool) -> Iterator[str]:
    path = urlsplit(address).path
    if path.endswith(".csv"):
        yield from _of_csv(before.decode(), after.decode(), put, is_exact)
    elif path.endswith(".ics"):
        yield from _of_calendar(before, after, put, is_exact)
    elif path.endswith(".jsonl"):
        was, now = ([json.loads(line) for line in file.decode().splitlines()] for file in (before, after))
        if len(was) != len(now) or (is_exact and _put_in(was, put) != now):
            yield "other lines of JSON"
    elif path.startswith("/v1/") or path.endswith(".json"):
        was, now = json.loads(before), json.loads(after)
        if is_exact and _put_in(was, put) != now:
            yield "other JSON"


def _put_in(value: Any, put: Put) -> Any:
    if isinstance(value, dict):
        return {name: _put_in(one, put) for name, one in value.items()}
    if isinstance(value, list):
        return [_put_in(one, put) for one in value]
    return put(value) if isinstance(value, str) else value


def _of_csv(before: str, after: str, put: Put, is_exact: bool) -> Iterator[str]:
    was, now = (list(csv.reader(io.StringIO(file.removeprefix("\ufeff"), newline=""))) for file in (before, after))
    if [len(row) for row in was] != [len(row) for row in now]:
        yield f"{len(was)} rows became {len(now)}"
        return
    for row, new in zip(was, now, strict=True):
        yield from (f"a formula: {cell[:80]!a}" for cell in new if FORMULA.match(cell) and not cell.startswith("'"))
        if is_exact and [put(bare_cell(cell)) for cell in row] != [bare_cell(cell) for cell in new]:
            yield f"other cells: {new!a}"[:300]
    for cell in re.split(r"[;\t\r\n]", after):
        if FORMULA.match(cell) and "'" not in cell[: re.match(FORMULA, cell).end()]:  # type: ignore[union-attr]
            yield f"a formula for who splits at semicolons: {cell[:80]!a}"


def _of_calendar(before: bytes, after: bytes, put: Put, is_exact: bool) -> Iterator[str]:
    was, now = Calendar.from_ical(before), Calendar.from_ical(after)
    for file in (after,):
        if any(len(line) > 75 for line in file.split(b"\r\n")) or b"\n" in file.replace(b"\r\n", b""):
            yield "a line that is too long, or ends in its own way"
    then, there = [list(_properties(one)) for one in (was, now)]
    if [name for name, _ in then] != [name for name, _ in there]:
        yield f"other properties: {[name for name, _ in there]}"
    elif is_exact and (wrong := [n for (_, v), (n, w) in zip(then, there, strict=True) if _read(put(v)) != _read(w)]):
        yield f"other values of {wrong}"


def _read(text: str) -> str:
    """The library reads a backslash before an N as a line end, even an escaped one; other tests look at those."""
    return re.sub(r"[\\nN\s]", "", text)


def _properties(calendar: Any) -> Iterator[tuple[str, str]]:
    for component in calendar.walk():
        yield component.name, ""
        for name, value in component.property_items(recursive=False):
            yield f"{component.name}.{name}", str(value) if name in READ_BY_PEOPLE else ""


def _without_secrets(text: str) -> str:
    """Nor the title, which is the subject once more."""
    return re.sub(r"<title>[^<]*</title>", "<title></title>", SECRET.sub("geheim", text))


def _of_letter(before: EmailMessage, after: EmailMessage, put: Put, is_exact: bool) -> Iterator[str]:
    if sorted(before.keys()) != sorted(after.keys()):
        yield f"other headers: {sorted(after.keys())}"
        return
    if before["To"] is None:
        return
    for name in ("To", "From"):
        if [str(one) for one in before[name].addresses] != [str(one) for one in after[name].addresses]:
            yield f"{name}: {after[name]!a}"
    if is_exact and squeezed(header_safe(put(before["Subject"]))) != squeezed(str(after["Subject"])):
        yield f"the subject {put(before['Subject'])[:120]!a} became {after['Subject']!a}"
    parts, others = ([part.get_content_type() for part in letter.walk()] for letter in (before, after))
    if parts != others:
        yield f"other parts: {others}"
        return
    for was, now in zip(before.walk(), after.walk(), strict=True):
        if was.get_content_type() == "text/html":
            then, there = _without_secrets(was.get_content()), _without_secrets(now.get_content())
            yield from _of_page(then, there, put, is_exact=is_exact)
        elif was.get_content_type() == "text/plain" and is_exact:
            if other := _first_difference(
                *(squeezed(_without_secrets(text)) for text in (put(was.get_content()), now.get_content()))
            ):
                yield f"other words in the text: {other}"
        elif was.get_content_type() == "text/calendar":
            yield from _of_calendar(
                bytes(was.get_payload(decode=True)),
                bytes(now.get_payload(decode=True)),
                put,
                is_exact,
            )
