"""Which live topics a fact touches. A topic says that something changed, never what."""

from collections.abc import Callable
from typing import Any

from kernel.events import EventRecord

Facts = dict[str, Any]


def _idea(facts: Facts) -> tuple[str, ...]:
    of_consultation = (f"consultation:{facts['consultation_id']}",) if "consultation_id" in facts else ()
    return (f"idea:{facts['idea_id']}", f"receipt:{facts['idea_id']}", *of_consultation)


def _idea_in_queue(facts: Facts) -> tuple[str, ...]:
    return (*_idea(facts), "queue")


def _queue(facts: Facts) -> tuple[str, ...]:
    return ("queue", f"receipt:{facts['idea_id']}")


def _conversation(facts: Facts) -> tuple[str, ...]:
    return (f"receipt:{facts['idea_id']}", "conversations")


def _consultation(facts: Facts) -> tuple[str, ...]:
    return (f"consultation:{facts['consultation_id']}",)


def _themes(facts: Facts) -> tuple[str, ...]:
    return (f"themes:{facts['consultation_id']}",)


def _meeting(facts: Facts) -> tuple[str, ...]:
    return (f"meeting:{facts['meeting_id']}",)


def _thread(facts: Facts) -> tuple[str, ...]:
    return (f"thread:{facts['idea_id']}",)


TOUCHES: dict[str, Callable[[Facts], tuple[str, ...]]] = {
    "consultation.": _consultation,
    "consultation.themes_made": _themes,
    "idea.": _idea,
    "idea.received": _idea_in_queue,
    "idea.published": _idea_in_queue,
    "idea.returned": _idea_in_queue,
    "idea.corrected": _idea_in_queue,
    "idea.revised": _idea_in_queue,
    "idea.edited": _idea_in_queue,
    "idea.held": _idea_in_queue,
    "idea.rejected": _idea_in_queue,
    "idea.removed": _idea_in_queue,
    "idea.withdrawn": _idea_in_queue,
    "idea.looked_at": _idea_in_queue,
    "idea.masked": _idea_in_queue,
    "idea.unmasked": _idea_in_queue,
    "idea.imported": _idea_in_queue,
    "idea.file_added": _idea_in_queue,
    "idea.commented": _thread,
    "idea.comment_gone": _thread,
    "idea.decision_planned": lambda _: ("queue",),
    "idea.decision_undone": lambda _: ("queue",),
    "idea.decision_lapsed": lambda _: ("queue",),
    "idea.claim_changed": lambda _: ("queue",),
    "idea.claim_taken_over": lambda _: ("queue",),
    "report.": _queue,
    "appeal.": _queue,
    "conversation.": _conversation,
    "theme_question.": lambda _: ("conversations",),
    "quarantine.": _consultation,
    "block.": lambda _: ("queue",),
    "page_report.": lambda _: ("queue",),
    "answer_appeal.": lambda _: ("queue",),
    "block_appeal.": lambda _: ("queue",),
    "theme.": _themes,
    "meeting.": _meeting,
    "agenda_item.": _meeting,
}
"""By the event's name, else by its subject's kind; the rest touches nothing that is watched."""


def touched(event: EventRecord) -> tuple[str, ...]:
    """The topics to nudge for a fact."""
    kind = event.name.partition(".")[0] + "."
    find = TOUCHES.get(event.name) or TOUCHES.get(kind)
    return find(event.facts) if find else ()
