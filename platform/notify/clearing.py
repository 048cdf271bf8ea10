"""Jobs that throw away what is of no more use: nothing is kept for longer than somebody could need it."""

from accounts import addresses, sessions, sign_in
from consultations import quarantine
from kernel import allowances, idempotency, trace
from notify import tickets
from notify.jobs import Job, Turn


async def _old_networks(turn: Turn) -> object:
    return await quarantine.forget_old(turn.tx, now=turn.now)


async def _over_sessions(turn: Turn) -> object:
    return await sessions.sweep(turn.tx, now=turn.now)


async def _old_requests(turn: Turn) -> object:
    return await sign_in.sweep(turn.tx, now=turn.now)


async def _old_addresses(turn: Turn) -> object:
    return await addresses.sweep(turn.tx, now=turn.now)


async def _old_keys(turn: Turn) -> object:
    return await idempotency.sweep(turn.tx, now=turn.now)


async def _old_allowances(turn: Turn) -> object:
    return await allowances.sweep(turn.tx, now=turn.now)


async def _spent_tickets(turn: Turn) -> object:
    return await tickets.sweep(turn.tx, now=turn.now)


async def _old_access_records(turn: Turn) -> object:
    return await trace.sweep(turn.tx, now=turn.now)


CLEARING: tuple[Job, ...] = (
    Job(
        name="old networks",
        when="each turn: support was asked for or given 30 days ago",
        run=_old_networks,
        why_then="The privacy notice promises that nothing is kept of a network after thirty days.",
    ),
    Job(
        name="sessions that are over",
        when="each turn: a session's expires_at or idle_until has passed",
        run=_over_sessions,
        why_then="It counts no more by the clock, without this; who signed in where is not kept for longer.",
    ),
    Job(
        name="old sign-in requests",
        when="each turn: somebody asked to sign in two days ago",
        run=_old_requests,
        why_then="Its letter left within an hour or not at all; an address that may be nobody's is not kept.",
    ),
    Job(
        name="old addresses",
        when="each turn: another address was asked for a day ago, or made eight days ago",
        run=_old_addresses,
        why_then="Who changed it, when and why stays; the addresses themselves are of no more use.",
    ),
    Job(
        name="old keys",
        when="each turn: a form's key was used 90 days ago",
        run=_old_keys,
        why_then="No browser shows a form of that age any more; nothing is kept for longer than it is of use.",
    ),
    Job(
        name="spent tickets",
        when="each turn: a ticket for the live signal ran out minutes ago",
        run=_spent_tickets,
        why_then="A ticket that ran out opens nothing, whether it was used or not.",
    ),
    Job(
        name="old access records",
        when="each turn: who read or exported something was written down 730 days ago",
        run=_old_access_records,
        why_then="A leak that nobody noticed for two years is traced no more; what staff read is not kept for ever.",
    ),
    Job(
        name="old allowances",
        when="each turn: the stretch passed in which something that was done counts",
        run=_old_allowances,
        why_then="It limits nobody any more.",
    ),
)
"""Their rows of the schedule."""
