"""The letter to moderators about what waits for them."""

from accounts.models import Person
from notify import work_letters
from notify.drafts import Draft, Words

KINDS = ("idea", "report", "page", "appeal", "block")


async def work_waiting(draft: Draft) -> Words | None:
    """As it is when the letter leaves; none when everything was done meanwhile."""
    person = await draft.tx.get_one(Person, draft.receiver.id)
    waiting = await work_letters.waiting_for(draft.tx, person, zone=draft.settings.zone, now=draft.now)
    if not waiting.total:
        return None
    shown = waiting.rows[: work_letters.AT_MOST]
    return {
        "total": waiting.total,
        "late": waiting.late,
        "rows": [(row.kind if row.kind in KINDS else "idea", row.due_at or row.since, row.is_overdue) for row in shown],
        "more": waiting.total - len(shown),
        "queue": draft.link("/moderation"),
        "choose": draft.link("/following"),
    }
