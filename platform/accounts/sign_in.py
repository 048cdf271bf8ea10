"""Signing in by an e-mailed link: asked for, sent, used once, in the browser that asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from accounts import people, sessions
from accounts.events import SignInRequested
from accounts.models import Person, SignInRequest
from kernel import tokens
from kernel.db import ReadSession, WriteSession
from kernel.errors import LinkSpent
from kernel.events import record
from kernel.tokens import digest_of

PURPOSE = "sign_in"
VALID = timedelta(minutes=15)
AT_MOST_PER_HOUR = 5


@dataclass(frozen=True)
class SignedIn:
    """The new session's secret, how long its cookie lasts, and where the person wanted to go."""

    secret: str
    lasts: timedelta
    next_path: str


async def ask(
    tx: WriteSession, *, email: str, browser: str | None, next_path: str, language: str = "nl", now: datetime
) -> None:
    """Have a link sent. The caller cannot tell whether the address was known, or asked too often."""
    person = await people.meet(tx, email=email, language=language, now=now)
    recent = select(func.count()).where(
        SignInRequest.person_id == person.id, SignInRequest.requested_at > now - timedelta(hours=1)
    )
    if (await tx.scalar(recent) or 0) >= AT_MOST_PER_HOUR:
        return
    request = await open_request(tx, person=person, browser=browser, next_path=next_path, now=now)
    await record(tx, SignInRequested(at=now, actor_id=None, person_id=person.id, request_id=request.id))


async def open_request(
    tx: WriteSession, *, person: Person, browser: str | None, next_path: str, now: datetime
) -> SignInRequest:
    """A request without a letter; its link is minted with `link_for`. Without a browser it works in any."""
    request = SignInRequest(
        person_id=person.id,
        browser_hash=digest_of(browser) if browser else None,
        next_path=next_path,
        requested_at=now,
    )
    tx.add(request)
    await tx.flush()
    return request


async def link_for(tx: WriteSession, *, request_id: int, valid: timedelta = VALID, now: datetime) -> str:
    """The path of a fresh one-use link for a request."""
    subject = f"sign_in_request:{request_id}"
    secret = await tokens.mint(tx, purpose=PURPOSE, subject=subject, expires_at=now + valid, now=now)
    return f"/sign-in/{secret}"


async def look(db: ReadSession, *, secret: str, now: datetime) -> SignInRequest:
    """The request behind a link that still works; raises LinkSpent."""
    token = await tokens.find(db, purpose=PURPOSE, secret=secret, now=now)
    return await db.get_one(SignInRequest, token.subject_id)


def is_same_browser(request: SignInRequest, browser: str | None) -> bool:
    """Whether the link may be used here: bound links only in the browser that asked for them."""
    return request.browser_hash is None or (browser is not None and digest_of(browser) == request.browser_hash)


async def use(tx: WriteSession, *, secret: str, browser: str | None, now: datetime) -> SignedIn:
    """Use the link up and begin a session; raises LinkSpent when it is spent or another browser's."""
    request = await look(tx, secret=secret, now=now)
    if not is_same_browser(request, browser):
        raise LinkSpent
    await tokens.consume(tx, purpose=PURPOSE, secret=secret, now=now)
    person = await tx.get_one(Person, request.person_id)
    await people.confirm(tx, person=person, now=now)
    session, lasts = await sessions.begin(tx, person=person, carries_grants=True, now=now)
    return SignedIn(session, lasts, request.next_path)
