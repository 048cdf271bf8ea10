"""What must be true of every answer, whatever was asked."""

import json
import re

from sqlalchemy import text

from kernel.db import Database
from tests.fuzz.cast import OUTSIDERS
from tests.fuzz.rubbish import MARK
from tests.fuzz.stock import HIDDEN, Stock
from tests.fuzz.wire import LONGEST, Answer, Sent

ALWAYS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "cache-control",
)
PROBLEM = {"type", "title", "status", "detail", "instance"}
INSIDE = re.compile(r"Traceback|sqlalchemy|sqlite3\.|asyncpg|site-packages|msgspec\.|litestar\.")
_HIDDEN = re.compile(HIDDEN.encode() + rb"([a-z_]+)")


def complaints(sent: Sent, answer: Answer) -> list[str]:
    """What is wrong with this answer by itself."""
    if answer.raised is not None:
        return [f"raised {answer.raised!r}"]
    found = [f"answered {answer.status}"] if answer.status >= 500 or answer.status < 200 else []
    if answer.seconds > LONGEST:
        found.append(f"took {answer.seconds:.1f} s")
    found += [f"has no {name}" for name in ALWAYS if not answer.header(name)]
    for name, value in answer.headers:
        if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", name + value):
            found.append(f"has a header with a control character: {name!r}: {value!r}")
    if sent.method == "HEAD" and answer.body:
        found.append("answers HEAD with a body")
    if INSIDE.search(answer.text):
        found.append("tells of its inside")
    if answer.status == 429 and not answer.header("retry-after").isdigit():
        found.append("says too often, not until when")
    return found + _about_place(answer) + _about_shape(sent, answer)


def _about_place(answer: Answer) -> list[str]:
    place = answer.header("location")
    is_here = re.match(r"(http://panel\.test)?/(?![/\\])", place) or place in {"", "http://panel.test"}
    return [] if is_here else [f"leads to {place!r}"]


def _about_shape(sent: Sent, answer: Answer) -> list[str]:
    kind = answer.header("content-type")
    if sent.target.startswith("/v1/") and answer.status >= 400:
        return _about_problem(sent, answer, kind)
    if kind.startswith("text/html"):
        found = ["gives rubbish back as a tag"] if MARK in answer.text else []
        is_whole = re.search(r"<html[^>]* lang=\"(nl|en)\"", answer.text) and "<h1" in answer.text
        if answer.status >= 400 and not is_whole and sent.method != "HEAD":
            found.append("is no page with a heading and a language")
        return found
    if answer.status >= 400 and not sent.target.startswith(("/static", "/health", "/v1")):
        return [f"refuses as {kind!r}"]
    return []


def _about_problem(sent: Sent, answer: Answer, kind: str) -> list[str]:
    if kind != "application/problem+json":
        return [f"refuses as {kind!r}"]
    if sent.method == "HEAD":
        return []
    told = json.loads(answer.body)
    if set(told) != PROBLEM or told["status"] != answer.status:
        return [f"is no problem document: {told}"]
    return []


async def secrets_in(answer: Answer, role: str, stock: Stock, database: Database) -> list[str]:
    """What somebody read who may not, as long as it is hidden."""
    if role not in OUTSIDERS or HIDDEN.encode() not in answer.body:
        return []
    found = []
    for what in sorted({name.decode() for name in _HIDDEN.findall(answer.body)}):
        async with database.read() as db:
            if what in stock.hidden and await db.scalar(text(stock.hidden[what])) is not None:
                found.append(f"shows {role} what is hidden: {what}")
    return found
