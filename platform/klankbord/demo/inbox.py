"""What residents of the sample sent, confirmed, moderated, endorsed and withdrawn, each at its moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from accounts import roles
from accounts.actor import ANONYMOUS, Actor
from accounts.models import Person
from accounts.states import Role
from consultations import ideas, quarantine, round_queries
from consultations.events import IdeaEndorsed
from consultations.ideas import Written
from consultations.models import Consultation, Endorsement, Idea
from consultations.states import IdeaKind, IdeaRoute, IdeaState
from kernel.db import WriteSession
from kernel.events import record_all
from klankbord.demo import cast
from klankbord.demo.sample import Days
from moderation import decisions
from moderation.states import Outcome
from themes.models import Placement, Theme
from themes.states import PlacedBy

CONFIRMED_AFTER = timedelta(minutes=6)
DECIDED_AFTER = timedelta(hours=3)
LATELY = 20
FROM_THE_LIBRARY = 14
_OUTCOMES = {"rejected": Outcome.REJECT, "returned": Outcome.RETURN}


@dataclass(frozen=True)
class Sent:
    """A sample idea as it now stands, beside the row it came from."""

    idea: Idea
    row: dict[str, Any]


async def fill(
    tx: WriteSession, rows: Sequence[dict[str, Any]], *, consultation: Consultation, days: Days
) -> dict[str, Sent]:
    """Take in every row, oldest first; the ideas by the sample's own id."""
    moderators = [await roles.actor_for(tx, person=one) for one in await roles.holders(tx, role=Role.MODERATOR)]
    neighbours = [
        await cast.a_resident(tx, name=None, key=f"buur{number}", now=days.ago(130))
        for number in range(max(row["supports"] for row in rows))
    ]
    prompts = {one.position: one.id for one in await round_queries.prompts_of(tx, consultation.id)}
    sent: dict[str, Sent] = {}
    for place, row in enumerate(sorted(rows, key=lambda row: -row["days_before_now"])):
        prompt_id = prompts.get(row.get("prompt", 0))
        idea = await _take_in(tx, row, prompt_id=prompt_id, consultation=consultation, days=days)
        await _decide(tx, idea, row, moderator=moderators[place % len(moderators)], days=days)
        if row["state"] == "withdrawn":
            at = min(idea.received_at + timedelta(days=1), days.now)
            await ideas.withdraw(tx, idea=idea, actor_id=idea.author_id, now=at)
        sent[row["id"]] = Sent(idea, row)
    await _endorse(tx, sent.values(), neighbours=neighbours, days=days)
    return sent


async def _take_in(
    tx: WriteSession, row: dict[str, Any], *, prompt_id: int | None, consultation: Consultation, days: Days
) -> Idea:
    received = days.ago(row["days_before_now"])
    author = await cast.a_resident(tx, name=row["author"], key=row["id"], now=received)
    written = Written(
        kind=IdeaKind(row["kind"]),
        title=row["title"],
        body=row["body"],
        service=row.get("service", ""),
        stuck=row.get("stuck", ""),
        shown_name=row["author"] or "",
        place=row.get("place") or "",
        language=row["lang"],
        prompt_id=prompt_id,
    )
    author_as_actor = Actor(person_id=author.id, name=author.name) if author.is_confirmed else ANONYMOUS
    return await ideas.submit(
        tx, actor=author_as_actor, consultation=consultation, written=written, email=author.email, now=received
    )


async def _decide(tx: WriteSession, idea: Idea, row: dict[str, Any], *, moderator: Actor, days: Days) -> None:
    if row["state"] in {"received"}:
        return
    await decisions.decide(
        tx,
        idea=idea,
        actor=moderator,
        outcome=_OUTCOMES.get(row["state"], Outcome.PUBLISH),
        ground_code=row.get("ground"),
        explanation=row.get("explanation", ""),
        now=min(idea.received_at + DECIDED_AFTER, days.now),
    )


async def _endorse(tx: WriteSession, sent: Iterable[Sent], *, neighbours: Sequence[Person], days: Days) -> None:
    """Nearly two thousand of them, so in one go: the same rows, counts and facts that the verb leaves."""
    rows: list[dict[str, Any]] = []
    facts: list[IdeaEndorsed] = []
    for one in sent:
        idea = one.idea
        if idea.state is not IdeaState.PUBLISHED:
            continue
        began = idea.published_at or idea.received_at
        step = max(timedelta(0), min(days.now, began + timedelta(days=12)) - began) / (one.row["supports"] + 1)
        for number in range(one.row["supports"]):
            neighbour, at = neighbours[(number + idea.id * 7) % len(neighbours)], began + step * (number + 1)
            rows.append({"idea_id": idea.id, "person_id": neighbour.id, "endorsed_at": at})
            facts.append(
                IdeaEndorsed(at=at, actor_id=neighbour.id, idea_id=idea.id, consultation_id=idea.consultation_id)
            )
        idea.endorsement_count = one.row["supports"]
    await tx.flush()
    if not rows:
        return
    await tx.execute(insert(Endorsement), rows)
    await record_all(tx, facts)
    await _from_the_library(tx, rows, facts, days=days)


async def _from_the_library(
    tx: WriteSession, rows: Sequence[dict[str, Any]], facts: Sequence[IdeaEndorsed], *, days: Days
) -> None:
    """The newest few came from one network, so that moderators find something to look at; it counts."""
    newest = sorted(
        (one for one in zip(rows, facts, strict=True) if one[0]["endorsed_at"] > days.ago(LATELY)),
        key=lambda one: one[1].at,
    )[-FROM_THE_LIBRARY:]
    if not newest:
        return
    given = select(Endorsement.idea_id, Endorsement.person_id, Endorsement.id)
    given = given.where(Endorsement.idea_id.in_({row["idea_id"] for row, _ in newest}))
    ids = {(idea_id, person_id): number for idea_id, person_id, number in await tx.execute(given)}
    traces = [
        {
            "endorsement_id": ids[row["idea_id"], row["person_id"]],
            "network": "0" * 64,
            "idea_id": row["idea_id"],
            "host": cast.DOMAIN,
            "is_new": False,
            "is_hasty": False,
            "hour": int(row["endorsed_at"].timestamp()) // 3600,
            "at": row["endorsed_at"],
        }
        for row, _ in newest
    ]
    await quarantine.note_all(tx, consultation_id=newest[0][1].consultation_id, traces=traces, now=days.now)


async def group_by_hand(
    tx: WriteSession, sent: dict[str, Sent], *, consultation: Consultation, days: Days
) -> dict[str, Theme]:
    """The themes the secretary made for the consultation that closed; late ideas wait for the next meeting."""
    at: datetime = days.at(-44, "16:00")
    names = sorted({one.row["theme"] for one in sent.values() if one.row["theme"]})
    made: dict[str, Theme] = {}
    for colour, name in enumerate(names):
        made[name] = Theme(
            consultation_id=consultation.id, name=name, is_named_by_people=True, colour=colour, created_at=at
        )
        tx.add(made[name])
    await tx.flush()
    for one in sent.values():
        if one.idea.state is IdeaState.PUBLISHED and one.row["theme"]:
            placement = Placement(
                idea_id=one.idea.id,
                consultation_id=consultation.id,
                theme_id=made[one.row["theme"]].id,
                placed_by=PlacedBy.PERSON,
                is_locked=True,
                placed_at=at,
            )
            tx.add(placement)
    await tx.flush()
    in_time = [one.idea.id for one in sent.values() if one.idea.state is IdeaState.PUBLISHED and not one.idea.is_late]
    await ideas.route(tx, idea_ids=in_time, route=IdeaRoute.IN_THEME, actor_id=None, now=at)
    return made
