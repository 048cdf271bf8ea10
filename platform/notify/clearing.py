"""Jobs that throw away what is of no more use: nothing is kept for longer than somebody could need it."""

from accounts import addresses, belongings, sessions, sign_in
from consultations import quarantine
from kernel import allowances, idempotency, trace
from notify import departures, inactivity, tickets
from notify.jobs import A_MINUTE, Job, Turn


async def _old_networks(turn: Turn) -> int:
    return await quarantine.forget_old(turn.tx, now=turn.now)


async def _over_sessions(turn: Turn) -> int:
    return await sessions.sweep(turn.tx, now=turn.now)


async def _old_requests(turn: Turn) -> int:
    return await sign_in.sweep(turn.tx, now=turn.now)


async def _old_addresses(turn: Turn) -> int:
    return await addresses.sweep(turn.tx, now=turn.now)


async def _old_keys(turn: Turn) -> int:
    return await idempotency.sweep(turn.tx, now=turn.now)


async def _old_allowances(turn: Turn) -> int:
    return await allowances.sweep(turn.tx, now=turn.now)


async def _spent_tickets(turn: Turn) -> int:
    return await tickets.sweep(turn.tx, now=turn.now)


async def _old_access_records(turn: Turn) -> int:
    return await trace.sweep(turn.tx, now=turn.now)


async def _had_its_time(turn: Turn) -> int:
    return await belongings.throw_away_old(turn.tx, now=turn.now)


async def _quiet_people(turn: Turn) -> int:
    return await inactivity.warn(turn.tx, now=turn.now)


async def _people_who_left(turn: Turn) -> int:
    return await inactivity.let_go(turn.tx, now=turn.now)


async def _typed_addresses(turn: Turn) -> int:
    return await inactivity.forget_unconfirmed(turn.tx, now=turn.now)


async def _kept_for_a_block(turn: Turn) -> int:
    return await departures.forget_the_blocked(turn.tx, now=turn.now)


CLEARING: tuple[Job, ...] = (
    Job(
        name="old networks",
        when="each minute: support was asked for or given 30 days ago",
        run=_old_networks,
        why_then="The privacy notice promises that nothing is kept of a network after thirty days.",
        every=A_MINUTE,
    ),
    Job(
        name="sessions that are over",
        when="each minute: a session's expires_at or idle_until has passed",
        run=_over_sessions,
        why_then="It counts no more by the clock, without this; who signed in where is not kept for longer.",
        every=A_MINUTE,
    ),
    Job(
        name="old sign-in requests",
        when="each minute: somebody asked to sign in two days ago",
        run=_old_requests,
        why_then="Its letter left within an hour or not at all; an address that may be nobody's is not kept.",
        every=A_MINUTE,
    ),
    Job(
        name="old addresses",
        when="each minute: another address was asked for a day ago, or made eight days ago",
        run=_old_addresses,
        why_then="Who changed it, when and why stays; the addresses themselves are of no more use.",
        every=A_MINUTE,
    ),
    Job(
        name="old keys",
        when="each minute: a form's key was used 90 days ago",
        run=_old_keys,
        why_then="No browser shows a form of that age any more; nothing is kept for longer than it is of use.",
        every=A_MINUTE,
    ),
    Job(
        name="spent tickets",
        when="each minute: a ticket for the live signal ran out minutes ago",
        run=_spent_tickets,
        why_then="A ticket that ran out opens nothing, whether it was used or not.",
        every=A_MINUTE,
    ),
    Job(
        name="old access records",
        when="each minute: who read or exported something was written down 730 days ago",
        run=_old_access_records,
        why_then="A leak that nobody noticed for two years is traced no more; what staff read is not kept for ever.",
        every=A_MINUTE,
    ),
    Job(
        name="old allowances",
        when="each minute: the stretch passed in which something that was done counts",
        run=_old_allowances,
        why_then="It limits nobody any more.",
        every=A_MINUTE,
    ),
    Job(
        name="what had its time",
        when="each minute: a row is as old as its table says in `__kept__` that it may become",
        run=_had_its_time,
        why_then="The page about what is kept promises it: links, texts that were not sent in, wishes to support.",
        every=A_MINUTE,
    ),
    Job(
        name="quiet accounts",
        when="each minute: nothing was seen of somebody for 700 days",
        run=_quiet_people,
        why_then="A letter says that the account goes in a month, and that signing in is enough to keep it.",
        every=A_MINUTE,
    ),
    Job(
        name="accounts that nobody uses",
        when="each minute: somebody was warned 30 days ago and did not come",
        run=_people_who_left,
        why_then="Two years without a sign: nothing is kept of people for longer than they take part.",
        every=A_MINUTE,
    ),
    Job(
        name="addresses that nobody confirmed",
        when="each minute: an address was typed 3 days ago, never confirmed, and nothing is kept for it",
        run=_typed_addresses,
        why_then="Every link to confirm something has run out by then; it may be anybody's address.",
        every=A_MINUTE,
    ),
    Job(
        name="addresses kept for a block",
        when="each minute: a block ended of somebody who had their account erased",
        run=_kept_for_a_block,
        why_then="Its hash was only kept to make the block hold; it holds no longer.",
        every=A_MINUTE,
    ),
)
"""Their rows of the schedule."""
