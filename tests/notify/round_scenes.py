"""What has to happen before a letter about a turn in a consultation is true."""

from datetime import timedelta
from typing import Any

from accounts.models import Person
from consultations import lifecycle
from kernel.db import WriteSession
from tests.builders import a_person
from tests.moments import NOON
from tests.notify.stories import Story

ROUND_LETTERS = ("consultation_extended", "consultation_stopped", "consultation_resumed", "consultation_closing")


async def about_a_round(tx: WriteSession, story: Story, name: str) -> tuple[Person, dict[str, Any]]:
    """What this letter tells of the story's consultation, which is open; with who receives it."""
    one, secretary = story.consultation, await a_person(tx)
    facts = {"consultation_id": one.id}
    why: dict[str, Any] = {"reason": "De brieven kwamen te laat aan.", "actor_id": secretary.id, "now": NOON}
    if name == "consultation_extended":
        later = one.closes_at + timedelta(days=1)
        facts["extension_id"] = (await lifecycle.extend(tx, consultation=one, closes_at=later, **why)).id
    if name == "consultation_stopped":
        await lifecycle.suspend(tx, consultation=one, **why)
    return story.author, facts
