"""SELECTs about blocks. E-mail addresses are never loaded here: who is blocked is a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from accounts.models import Person
from consultations.models import Consultation, Endorsement, Idea
from consultations.queries import idea_by_id
from kernel.db import ReadSession
from kernel.errors import NotFound
from moderation.models import Block, BlockAppeal, BlockEnd, Decision, Report
from moderation.queries import AT_MOST, Panels
from moderation.rules import NOT_YET_OURS
from moderation.states import Conduct

LATELY = 20


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The person behind an idea, a report or support, and whether the address was shown to be theirs."""

    person_id: int
    consultation: Consultation
    is_certain: bool
    idea_id: int | None = None
    report_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A block with all that came of it; the names are for staff only."""

    block: Block
    end: BlockEnd | None
    appeal: BlockAppeal | None
    blocked_by: str = ""
    ended_by: str = ""
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True)
class SentLately:
    """What somebody did here, for whoever considers a block: enough to judge conduct, no address."""

    ideas: Sequence[Idea]
    decisions: dict[int, Decision]
    reports: Sequence[Report]
    supports: int
    blocks: Sequence[Told]


async def behind_idea(db: ReadSession, idea_id: int) -> Behind:
    """The author; raises NotFound, also while nobody has confirmed it."""
    idea = await idea_by_id(db, idea_id)
    if idea.state in NOT_YET_OURS:
        raise NotFound
    is_imported = idea.external_id is not None and not idea.external_id.startswith("form:")
    return Behind(
        person_id=idea.author_id,
        consultation=idea.consultation,
        is_certain=idea.confirmed_at is not None and not is_imported,
        idea_id=idea.id,
    )


async def behind_report(db: ReadSession, report_id: int) -> Behind:
    """Who reported. An address that was only typed may be anybody's; without one there is nobody: NotFound."""
    wanted = select(Report).where(Report.id == report_id, Report.reporter_id.is_not(None))
    report = await db.scalar(wanted.options(joinedload(Report.idea).joinedload(Idea.consultation)))
    if report is None or report.reporter_id is None:
        raise NotFound
    return Behind(
        person_id=report.reporter_id,
        consultation=report.idea.consultation,
        is_certain=report.is_signed_in,
        idea_id=report.idea_id,
        report_id=report.id,
    )


async def behind_support(db: ReadSession, endorsement_id: int) -> Behind:
    """Who gave support: nobody gives any before the address is confirmed. Raises NotFound."""
    wanted = select(Endorsement.person_id, Endorsement.idea_id).where(Endorsement.id == endorsement_id)
    found = (await db.execute(wanted)).first()
    if found is None:
        raise NotFound
    idea = await idea_by_id(db, found.idea_id)
    return Behind(person_id=found.person_id, consultation=idea.consultation, is_certain=True)


def _told() -> Any:
    """Blocks with all that came of them; rows of parts that may be missing have no type of their own."""
    blocker, ender, decider = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(Block, BlockEnd, BlockAppeal, blocker.name, ender.name, decider.name)
        .join(blocker, blocker.id == Block.blocked_by_id)
        .outerjoin(BlockEnd, BlockEnd.block_id == Block.id)
        .outerjoin(ender, ender.id == BlockEnd.ended_by_id)
        .outerjoin(BlockAppeal, BlockAppeal.block_id == Block.id)
        .outerjoin(decider, decider.id == BlockAppeal.decided_by_id)
        .options(joinedload(Block.consultation))
    )


async def _all(db: ReadSession, wanted: Any) -> list[Told]:
    return [
        Told(block=block, end=end, appeal=appeal, blocked_by=by, ended_by=ended_by or "", decided_by=decided_by or "")
        for block, end, appeal, by, ended_by, decided_by in await db.execute(wanted)
    ]


async def told(db: ReadSession, block_id: int) -> Told:
    """One block with its history; raises NotFound."""
    found = await _all(db, _told().where(Block.id == block_id))
    if not found:
        raise NotFound
    return found[0]


async def of_person(db: ReadSession, person_id: int) -> list[Told]:
    """Every block of a person, newest first."""
    return await _all(db, _told().where(Block.person_id == person_id).order_by(Block.id.desc()))


async def listed(db: ReadSession, *, panels: Panels, now: datetime) -> list[Told]:
    """The blocks of these panels: those in force first, then the newest."""
    in_force = BlockEnd.block_id.is_(None) & or_(Block.until.is_(None), Block.until > now)
    wanted = _told().order_by(in_force.desc(), Block.id.desc()).limit(AT_MOST)
    if panels is not None:
        wanted = wanted.join(Consultation, Consultation.id == Block.consultation_id)
        wanted = wanted.where(Consultation.panel_id.in_(panels))
    return await _all(db, wanted)


async def in_force(db: ReadSession, person_id: int, *, now: datetime) -> Block | None:
    """The block that holds for somebody now."""
    wanted = (
        select(Block)
        .outerjoin(BlockEnd, BlockEnd.block_id == Block.id)
        .where(Block.person_id == person_id, BlockEnd.block_id.is_(None))
        .where(or_(Block.until.is_(None), Block.until > now))
    )
    return await db.scalar(wanted)


async def stops_reports(db: ReadSession, person_id: int | None, *, now: datetime) -> bool:
    """Whether somebody cannot report for a while, after reports without ground."""
    if person_id is None:
        return False
    held = await in_force(db, person_id, now=now)
    return held is not None and held.ground is Conduct.UNFOUNDED_REPORTS


async def lapsed(db: ReadSession, *, person_id: int | None = None, now: datetime) -> list[Block]:
    """Blocks whose last day has passed and whose end was not recorded yet; of one person, or of everybody."""
    wanted = select(Block).outerjoin(BlockEnd, BlockEnd.block_id == Block.id)
    wanted = wanted.where(Block.until <= now, BlockEnd.block_id.is_(None))
    if person_id is not None:
        wanted = wanted.where(Block.person_id == person_id)
    return list((await db.scalars(wanted.order_by(Block.until, Block.id))).all())


async def how_many_blocks(db: ReadSession, person_id: int) -> int:
    """How often somebody was blocked."""
    return await db.scalar(select(func.count(Block.id)).where(Block.person_id == person_id)) or 0


async def sent_lately(db: ReadSession, person_id: int, *, panels: Panels) -> SentLately:
    """The last of what somebody sent to these panels, what was decided about it, and how often they were blocked."""
    theirs = true() if panels is None else Consultation.panel_id.in_(panels)
    written = select(Idea).join(Idea.consultation).where(theirs, Idea.author_id == person_id)
    written = written.where(Idea.confirmed_at.is_not(None), Idea.state.not_in(NOT_YET_OURS))
    ideas = (await db.scalars(written.order_by(Idea.received_at.desc()).limit(LATELY))).all()
    taken = select(Decision).where(Decision.idea_id.in_([idea.id for idea in ideas])).order_by(Decision.id)
    by_idea = {one.idea_id: one for one in await db.scalars(taken.options(joinedload(Decision.ground)))}
    reports = select(Report).join(Report.idea).join(Idea.consultation)
    reports = reports.where(theirs, Report.reporter_id == person_id, Report.is_signed_in)
    reports = reports.options(joinedload(Report.idea)).order_by(Report.id.desc()).limit(LATELY)
    supports = select(func.count(Endorsement.id)).where(Endorsement.person_id == person_id)
    return SentLately(
        ideas=ideas,
        decisions=by_idea,
        reports=(await db.scalars(reports)).all(),
        supports=await db.scalar(supports) or 0,
        blocks=await of_person(db, person_id),
    )
