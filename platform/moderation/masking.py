"""Words about a person left out of a text, as a decision with a statement of reasons; on appeal they come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from accounts.actor import Actor
from consultations import flagging, ideas, masking, splitting, versions
from consultations.masking import Cut
from consultations.models import Consultation, Idea, IdeaVersion
from consultations.queries import current_version
from consultations.signals import OMISSION_NAMES, Omission
from kernel.db import ReadSession, WriteSession
from kernel.errors import ChangedMeanwhile, DomainError, IllegalMove
from kernel.events import record
from kernel.i18n import N_
from moderation import queries, rules
from moderation.events import DecisionTaken, IdeaMasked, IdeaUnmasked
from moderation.masking_models import Masking
from moderation.models import Claim, Decision, PlannedDecision
from moderation.states import BECOMES, Outcome


class NothingToMask(DomainError):
    """No words were chosen, or not one of them stands in the text."""

    code = "nothing_to_mask"
    status = 422
    message = N_("Kies eerst welke woorden u wilt weglaten. Wat u intypt, moet precies zo in de tekst staan.")


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Words that were left out, as their author reads it. `kind` is a msgid; a citizen service number is blotted."""

    kind: str
    mark: str
    words: str


async def mask(
    tx: WriteSession,
    *,
    idea: Idea,
    actor: Actor,
    cuts: Sequence[Cut],
    ground_code: str,
    explanation: str,
    seen: str | None = None,
    is_along: bool = False,
    now: datetime,
) -> Decision:
    """Publish the text without these words, or go on showing it without them. The decision is about the new text.

    Of a submission that was split they go wherever they stand (`is_along`), with a decision for each.
    """
    consultation = await tx.get_one(Consultation, idea.consultation_id)
    moderator_id = rules.require_moderator(actor, panel_id=consultation.panel_id)
    version = await current_version(tx, idea.id)
    last = await queries.latest_decision(tx, idea.id)
    if seen is not None and seen != rules.mark_of(version.sha256, last.id if last else None):
        raise ChangedMeanwhile
    if await tx.scalar(select(PlannedDecision.id).where(PlannedDecision.idea_id == idea.id)) is not None:
        raise ChangedMeanwhile
    if not rules.may_mask(idea.state):
        raise IllegalMove
    if not cuts:
        raise NothingToMask
    grounds = {ground.code: ground for ground in await queries.grounds(tx, idea.consultation_id)}
    if ground_code not in grounds or not explanation.strip():
        raise rules.GroundNeeded
    places = [] if is_along else await _also_in(tx, idea, masking.joined(cuts))
    masked = await masking.mask(tx, idea=idea, cuts=masking.joined(cuts), now=now)
    ground_id = grounds[ground_code].id
    decision = await _decided(tx, idea, masked, by=moderator_id, ground_id=ground_id, explanation=explanation, now=now)
    told = [[cut.field, cut.start, cut.end, cut.kind.value] for cut in masking.joined(cuts)]
    tx.add(Masking(decision_id=decision.id, idea_id=idea.id, number=masked.number, cuts=told))
    await tx.flush()
    await flagging.looked(tx, idea_id=idea.id, by=moderator_id, now=now)
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id, "decision_id": decision.id}
    await record(tx, IdeaMasked(at=now, actor_id=moderator_id, **fact))
    for other, same in places:
        why: dict[str, Any] = {"ground_code": ground_code, "explanation": explanation}
        await mask(tx, idea=other, actor=actor, cuts=same, **why, is_along=True, now=now)
    return decision


async def _also_in(tx: WriteSession, idea: Idea, cuts: Sequence[Cut]) -> list[tuple[Idea, list[Cut]]]:
    """Where else these words stand: in the submission that this was cut out of, in what was cut out of it."""
    before, found = flagging.texts_of(idea), []
    for other in await splitting.same_words(tx, idea):
        texts = flagging.texts_of(other)
        same = masking.joined(one for cut in cuts for one in masking.cuts_for(texts, cut.of(before), cut.kind))
        if same and rules.may_mask(other.state):
            found.append((other, same))
    return found


async def restore(
    tx: WriteSession,
    *,
    idea: Idea,
    decision: Decision,
    actor_id: int,
    answer: str,
    is_along: bool = False,
    now: datetime,
) -> None:
    """An appeal against leaving words out succeeded: the words come back, unless the text changed since.

    They come back wherever they were left out together with these.
    """
    masked = await tx.get_one(Masking, decision.id)
    if not idea.is_public or (await current_version(tx, idea.id)).number != masked.number:
        return
    version = await masking.restore(tx, idea=idea, number=masked.number, cuts=cuts_of(masked), now=now)
    await _decided(tx, idea, version, by=actor_id, ground_id=None, explanation=answer, now=now)
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id}
    await record(tx, IdeaUnmasked(at=now, actor_id=actor_id, **fact))
    for other in [] if is_along else await splitting.same_words(tx, idea):
        last = await queries.latest_decision(tx, other.id)
        if last is not None and last.is_masking and _at_once(last, decision):
            await restore(tx, idea=other, decision=last, actor_id=actor_id, answer=answer, is_along=True, now=now)


def _at_once(one: Decision, other: Decision) -> bool:
    """Whether words were left out of both together."""
    return (one.decided_at, one.decided_by_id, one.ground_id) == (
        *(other.decided_at, other.decided_by_id, other.ground_id),
    )


async def _decided(
    tx: WriteSession,
    idea: Idea,
    version: IdeaVersion,
    *,
    by: int,
    ground_id: int | None,
    explanation: str,
    now: datetime,
) -> Decision:
    decision = Decision(
        idea_id=idea.id,
        version_sha256=version.sha256,
        outcome=Outcome.PUBLISH,
        ground_id=ground_id,
        explanation=explanation,
        decided_by_id=by,
        decided_at=now,
    )
    tx.add(decision)
    await tx.flush()
    if idea.is_public:
        await versions.note_public(tx, idea=idea, now=now)
    else:
        await ideas.move(tx, idea=idea, to=BECOMES[Outcome.PUBLISH], actor_id=by, now=now)
    await tx.execute(delete(Claim).where(Claim.idea_id == idea.id))
    fact = {"idea_id": idea.id, "consultation_id": idea.consultation_id, "decision_id": decision.id}
    await record(tx, DecisionTaken(at=now, actor_id=by, outcome=Outcome.PUBLISH, **fact))
    return decision


def cuts_of(masked: Masking) -> list[Cut]:
    """The places again."""
    return [Cut(field, start, end, Omission(kind)) for field, start, end, kind in masked.cuts]


async def left_out(db: ReadSession, decision: Decision | None) -> list[LeftOut]:
    """What this decision left out, in the words that its author wrote; empty when it left nothing out."""
    masked = await db.get(Masking, decision.id) if decision is not None and decision.is_masking else None
    if masked is None:
        return []
    before = select(IdeaVersion).where(IdeaVersion.idea_id == masked.idea_id, IdeaVersion.number == masked.number - 1)
    version = (await db.scalars(before)).one()
    texts = {field: getattr(version, field) for field in flagging.FIELDS}
    told = [LeftOut(kind=OMISSION_NAMES[cut.kind], mark=cut.mark, words=cut.of(texts)) for cut in cuts_of(masked)]
    return list(dict.fromkeys(told))  # the same words in the title and the text are told once
