"""Signing in by a letter: asked for, sent, used once, in the browser that asked.

Asking stores the request and looks nobody up: known and unknown addresses cost the same and get the same answer. The
worker writes the letter later, to the spelling of the address that we know; a person is made when the link or the
code comes back. Opening the link changes nothing, pressing the button does. Whoever reads mail on another device types
the code in the browser that asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from accounts import people, sessions, typed_codes
from accounts.events import SignInRequested
from accounts.models import Person, SignInRequest
from kernel import allowances, tokens
from kernel.db import ReadSession, WriteSession
from kernel.errors import LinkSpent
from kernel.events import record
from kernel.networks import fingerprint
from kernel.once import changed
from kernel.tokens import Token, digest_of

PURPOSE = "sign_in"
VALID = typed_codes.VALID
HOUR = timedelta(hours=1)
PER_ADDRESS = 5
PER_NETWORK = 20
ASKING_FOR = timedelta(hours=2)
"""So long a browser that asked is known again: a letter may be an hour late, and its link then works for 15 minutes."""
KEPT = timedelta(days=2)
AT_A_TIME = 500
"""Old requests that are thrown away in one go."""


@dataclass(frozen=True)
class Caller:
    """The browser that uses a link or a code: its two cookies, what it says it is, where it comes from."""

    browser: str | None = None
    session: str | None = None
    user_agent: str = ""


@dataclass(frozen=True)
class SignedIn:
    """The new session's secret, how long its cookie lasts, where the person wanted to go, and who it is."""

    secret: str
    lasts: timedelta
    next_path: str
    person_id: int


@dataclass(frozen=True)
class Issued:
    """What stands in the letter: the path of the link, and the code."""

    path: str
    code: str


async def ask(
    tx: WriteSession,
    *,
    email: str,
    browser: str,
    next_path: str,
    language: str = "nl",
    network: str,
    secret: str,
    now: datetime,
) -> None:
    """Have a letter sent. The caller cannot tell whether the address is known, or asked for too often.

    Raises TooOften for a network that asks for many.
    """
    whose = fingerprint(network, secret)
    await allowances.require(tx, kind="sign_in_network", whose=whose, most=PER_NETWORK, within=HOUR, now=now)
    whose = fingerprint(people.mailbox_of(email), secret)
    if not await allowances.take(tx, kind="sign_in_address", whose=whose, most=PER_ADDRESS, within=HOUR, now=now):
        return
    request = await _note(tx, email=email, browser=browser, next_path=next_path, language=language, now=now)
    await record(tx, SignInRequested(at=now, actor_id=None, sign_in_id=request.id))


async def open_request(
    tx: WriteSession, *, person: Person, browser: str | None, next_path: str, now: datetime
) -> SignInRequest:
    """A request without a letter; its link is minted with `link_for`. Without a browser it works in any."""
    return await _note(tx, email=person.email, browser=browser, next_path=next_path, language=person.language, now=now)


async def _note(
    tx: WriteSession, *, email: str, browser: str | None, next_path: str, language: str, now: datetime
) -> SignInRequest:
    request = SignInRequest(
        email=email,
        mailbox=people.mailbox_of(email),
        language=language,
        browser_hash=digest_of(browser) if browser else None,
        next_path=next_path,
        code_hash=None,
        wrong_codes=0,
        requested_at=now,
        sent_at=None,
        used_at=None,
    )
    tx.add(request)
    await tx.flush()
    return request


async def is_asking(db: ReadSession, *, browser: str, now: datetime) -> bool:
    """Whether we gave this secret to a browser that asked lately. A client's own is never adopted."""
    lately = select(SignInRequest.id).where(
        SignInRequest.browser_hash == digest_of(browser), SignInRequest.requested_at > now - ASKING_FOR
    )
    return await db.scalar(lately.limit(1)) is not None


# the letter


async def issue(tx: WriteSession, *, request: SignInRequest, sent_to: str, secret: str, now: datetime) -> Issued:
    """A fresh link and a fresh code for a letter to this address. Of two letters the code in the newer counts."""
    code = typed_codes.new_code()
    request.email = sent_to
    request.code_hash = typed_codes.keyed(code, about=_about(request), secret=secret)
    request.sent_at = now
    return Issued(await link_for(tx, request_id=request.id, now=now), typed_codes.shown(code))


async def link_for(tx: WriteSession, *, request_id: int, valid: timedelta = VALID, now: datetime) -> str:
    """The path of a fresh one-use link for a request."""
    subject = f"sign_in_request:{request_id}"
    secret = await tokens.mint(tx, purpose=PURPOSE, subject=subject, expires_at=now + valid, now=now)
    return f"/sign-in/{secret}"


# used


async def look(db: ReadSession, *, secret: str, now: datetime) -> SignInRequest:
    """The request behind a link that still works; raises LinkSpent."""
    token = await tokens.find(db, purpose=PURPOSE, secret=secret, now=now)
    request = await db.get(SignInRequest, token.subject_id)
    if request is None or request.used_at is not None:
        raise LinkSpent
    return request


def is_same_browser(request: SignInRequest, browser: str | None) -> bool:
    """Whether the link may be used here: bound links only in the browser that asked for them."""
    return request.browser_hash is None or (browser is not None and digest_of(browser) == request.browser_hash)


async def use(tx: WriteSession, *, secret: str, caller: Caller, now: datetime) -> SignedIn:
    """Use the link up and begin a session; raises LinkSpent when it is spent or another browser's."""
    request = await look(tx, secret=secret, now=now)
    if not is_same_browser(request, caller.browser):
        raise LinkSpent
    return await _enter(tx, request=request, caller=caller, now=now)


async def use_code(tx: WriteSession, *, code: str, caller: Caller, secret: str, now: datetime) -> SignedIn | None:
    """Begin a session with the code from a letter that this browser asked for.

    None, which counts, when it is not the code: after five tries a letter's code is worth nothing. Somebody who asked
    twice may type either code.
    """
    if not caller.browser:
        return None
    asked = select(SignInRequest).where(
        SignInRequest.browser_hash == digest_of(caller.browser),
        SignInRequest.used_at.is_(None),
        SignInRequest.sent_at > now - VALID,
        SignInRequest.wrong_codes < typed_codes.TRIES,
    )
    requests = (await tx.scalars(asked)).all()
    right = [one for one in requests if typed_codes.is_it(code, one.code_hash, about=_about(one), secret=secret)]
    if not right:
        for request in requests:
            request.wrong_codes += 1
        return None
    return await _enter(tx, request=right[0], caller=caller, now=now)


async def _enter(tx: WriteSession, *, request: SignInRequest, caller: Caller, now: datetime) -> SignedIn:
    once = update(SignInRequest).where(SignInRequest.id == request.id, SignInRequest.used_at.is_(None))
    if not changed(await tx.execute(once.values(used_at=now).execution_options(synchronize_session=False))):
        raise LinkSpent
    links = update(Token).where(Token.purpose == PURPOSE, Token.subject == _about(request))
    await tx.execute(links.where(Token.used_at.is_(None)).values(used_at=now))
    person = await people.meet(tx, email=request.email, language=request.language, now=now)
    if not people.is_same_spelling(person.email, request.email):  # known since, by another spelling: not shown yet
        raise LinkSpent
    await people.confirm(tx, person=person, now=now)
    session, lasts = await sessions.begin(
        tx, person=person, carries_grants=True, instead_of=caller.session, user_agent=caller.user_agent, now=now
    )
    return SignedIn(session, lasts, request.next_path, person.id)


def _about(request: SignInRequest) -> str:
    return f"sign_in_request:{request.id}"


async def sweep(tx: WriteSession, *, now: datetime) -> int:
    """Throw away requests of two days ago with the addresses in them, and their links; how many."""
    over = select(SignInRequest).where(SignInRequest.requested_at <= now - KEPT)
    old = (await tx.scalars(over.order_by(SignInRequest.requested_at).limit(AT_A_TIME))).all()
    if old:
        subjects = [_about(request) for request in old]
        await tx.execute(delete(Token).where(Token.purpose == PURPOSE, Token.subject.in_(subjects)))
        await tx.execute(delete(SignInRequest).where(SignInRequest.id.in_([request.id for request in old])))
    return len(old)
