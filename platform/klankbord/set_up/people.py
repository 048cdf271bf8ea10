"""People as an operator names them: by address, with a name."""

from datetime import datetime

from accounts import people
from accounts.models import Person
from kernel.db import WriteSession


async def meet(tx: WriteSession, *, email: str, name: str, now: datetime) -> Person:
    """The person behind an address, made when there was none. A name they have stays; without one they get this."""
    person = await people.meet(tx, email=email, name=name, now=now)
    person.name = person.name or name
    await tx.flush()
    return person
