"""The letter to somebody who was not here for two years: their account goes, unless they come."""

from accounts.models import Person
from notify.drafts import Draft, Words
from notify.inactivity import GOES_AFTER


async def account_goes(draft: Draft) -> Words | None:
    """Until when; nothing when they came meanwhile, or the account went."""
    person = await draft.tx.get_one(Person, draft.receiver.id)
    if person.warned_at is None or person.erased_at is not None:
        return None
    return {"until": person.warned_at + GOES_AFTER, "link": draft.link("/sign-in?next=/account")}
