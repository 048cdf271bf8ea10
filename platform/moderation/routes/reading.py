"""What the pages for moderators are put together from: values out of rows, for a reader."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from accounts.actor import Actor
from consultations import attachments, merge_queries, round_queries, splitting, ways_queries
from consultations.differences import difference
from consultations.models import Idea, IdeaVersion
from consultations.versions import full_text
from kernel.db import ReadSession
from kernel.i18n import N_
from kernel.i18n import gettext as _
from kernel.inject import Asked
from kernel.settings import Settings
from moderation import choices, plan_queries, queries, rules
from moderation.filters import Wanted
from moderation.forms import DecisionForm
from moderation.pages import Done, EarlierText, ReviewPage, Since, Standing
from moderation.pointing import pointed
from moderation.queries import TakenDecision
from moderation.states import OUTCOME_NAMES, Outcome
from moderation.worklist import worklist

DONE = {
    Outcome.PUBLISH: N_("‘%(title)s’ staat nu op de site."),
    Outcome.RETURN: N_("‘%(title)s’ is terug naar de inzender."),
    Outcome.HOLD: N_("‘%(title)s’ wordt vastgehouden."),
    Outcome.REJECT: N_("‘%(title)s’ is afgewezen. De inzender krijgt uw uitleg."),
    Outcome.REMOVE: N_("‘%(title)s’ is van de site gehaald. De inzender krijgt uw uitleg."),
}
PLANNED = {
    Outcome.PUBLISH: N_("U besloot: ‘%(title)s’ komt op de site."),
    Outcome.RETURN: N_("U besloot: ‘%(title)s’ gaat terug naar de inzender."),
    Outcome.HOLD: N_("U besloot: ‘%(title)s’ wordt vastgehouden."),
    Outcome.REJECT: N_("U besloot: ‘%(title)s’ wordt afgewezen."),
}
DONE_OTHERWISE = {
    "undone": N_("Het besluit is ongedaan gemaakt. De inzender heeft er niets van gemerkt."),
    "carried_out": N_("Het besluit is uitgevoerd."),
    "keys": N_("Uw keuze voor de sneltoetsen is bewaard."),
    "report": N_("De melding is beantwoord."),
    "block_appeal": N_("Over het bezwaar is beslist. De inwoner krijgt uw uitleg."),
    "answer_appeal": N_("Over het bezwaar is beslist. Wie bezwaar maakte, krijgt uw uitleg."),
    "appeal": N_("Over het bezwaar is beslist. De inzender krijgt uw uitleg."),
}


def wanted_of(request: Asked) -> Wanted:
    """Which part of the queue somebody works in."""
    return Wanted.parse(dict(request.query_params.items()))


async def banner_of(db: ReadSession, done: str, actor: Actor) -> Done | None:
    """What was just done: a decision's number, a plan's name, or a word. Nothing of another panel."""
    if done in DONE_OTHERWISE:
        return Done(words=_(DONE_OTHERWISE[done]))
    if re.fullmatch(r"plan-[0-9a-f]{16}", done):
        return await _planned(db, done.removeprefix("plan-"), actor)
    if not done.isdecimal() or len(done) > 9:
        return None
    decision = await queries.decision_taken(db, int(done))
    if decision is None or not rules.may_read(actor, panel_id=decision.idea.consultation.panel_id):
        return None
    if decision.is_masking:
        words = _("‘%(title)s’ staat nu op de site, zonder de woorden die u wegliet.")
        return Done(words=words % {"title": decision.idea.title})
    return Done(words=_(DONE[decision.outcome]) % {"title": decision.idea.title})


async def _planned(db: ReadSession, together: str, actor: Actor) -> Done | None:
    plans = await plan_queries.plans_together(db, together)
    panels = {one.idea.consultation.panel_id for one in plans}
    if not plans or not all(rules.may_read(actor, panel_id=panel_id) for panel_id in panels):
        return None
    first = plans[0]
    words = _(PLANNED[first.outcome]) % {"title": first.idea.title}
    if len(plans) > 1:
        values = {"num": len(plans), "outcome": _(OUTCOME_NAMES[first.outcome])}
        words = _("U besloot over %(num)s inzendingen: %(outcome)s.") % values
    return Done(words=words, together=together, until=first.due_at)


def earlier_texts(versions: Sequence[IdeaVersion]) -> list[EarlierText]:
    """The texts before the newest, newest first, each with what the one after it changed."""
    return [
        EarlierText(version=before, changed=difference(full_text(before), full_text(after)))
        for after, before in pairwise(versions)
    ]


def since_of(seen: str, texts: Sequence[IdeaVersion], history: Sequence[TakenDecision]) -> Since:
    """What happened after what somebody had before them: how the text changed, and what was decided."""
    number, _dash, sha256 = seen.partition("-")
    read = next((one for one in texts if sha256 and one.sha256.startswith(sha256)), None)
    last = int(number) if number.isdecimal() and len(number) < 10 else 0
    is_same = read is None or read.sha256 == texts[0].sha256
    return Since(
        changed=() if read is None or is_same else difference(full_text(read), full_text(texts[0])),
        decisions=[one for one in history if one.decision.id > last],
    )


def at_of(request: Asked) -> str:
    """The report or the appeal that is read with an idea, as "report-12"; empty when it is the idea itself."""
    found = re.fullmatch(r"(?:report|appeal)-\d{1,9}", request.query_params.get("at", ""))
    return found.group() if found else ""


async def standing_beside(
    db: ReadSession, idea: Idea, *, at: str, actor: Actor, seen: str = "", now: datetime
) -> Standing:
    """The same beside a report or an appeal; `seen` is what an answer was typed about."""
    texts = await queries.versions(db, idea.id)
    history = await queries.decisions_of(db, idea.id)
    mark = rules.mark_of(texts[0].sha256, history[0].decision.id if history else None)
    since = since_of(seen, texts, history) if seen not in {"", mark} else None
    return await standing_of(db, idea, actor=actor, seen=mark, since=since, at=at, now=now)


async def standing_of(
    db: ReadSession, idea: Idea, *, actor: Actor, seen: str, since: Since | None = None, at: str = "", now: datetime
) -> Standing:
    """Who looks at the idea now, and what was decided meanwhile."""
    found = await queries.claim_on(db, idea.id, now=now)
    plan = await plan_queries.plan_of(db, idea.id)
    moderates = rules.may_moderate(actor, panel_id=idea.consultation.panel_id)
    is_taken = found is not None and found[0].taken_from_id == actor.person_id
    return Standing(
        idea_id=idea.id,
        at=at,
        is_open=(idea.state in rules.WAITING or bool(at)) and moderates and plan is None,
        is_mine=found is not None and found[0].moderator_id == actor.person_id,
        claimed_by=found[1] if found else "",
        claimed_at=found[0].claimed_at if found else None,
        until=found[0].expires_at if found else None,
        taken_by=found[1] if found and is_taken else "",
        is_changed=bool(since),
        since=since or Since(),
        plan=plan[0] if plan else None,
        planned_by=plan[1] if plan else "",
        may_decide=moderates,
        seen=seen,
    )


async def review(
    db: ReadSession,
    idea: Idea,
    *,
    request: Asked,
    actor: Actor,
    settings: Settings,
    now: datetime,
    form: DecisionForm | None = None,
    is_changed: bool = False,
) -> ReviewPage:
    """The page of one idea; `form` holds what was typed, `is_changed` says that it was typed about something else."""
    rules.require_reader(actor, panel_id=idea.consultation.panel_id, state=idea.state)
    wanted = wanted_of(request)
    texts = await queries.versions(db, idea.id)
    history = await queries.decisions_of(db, idea.id)
    seen = rules.mark_of(texts[0].sha256, history[0].decision.id if history else None)
    since = since_of(form.seen, texts, history) if form is not None and is_changed else None
    standing = await standing_of(db, idea, actor=actor, seen=seen, since=since, now=now)
    is_whole = idea.is_public and bool(await merge_queries.shown_parts(db, idea))
    return ReviewPage(
        is_whole=is_whole,
        goes_too=await splitting.gone_with(db, idea) if idea.is_public and not is_whole else (),
        work=await worklist(db, actor=actor, wanted=wanted, chosen=f"idea-{idea.id}", zone=settings.zone, now=now),
        has_keys=await choices.has_keys(db, person_id=actor.person_id),
        idea=idea,
        pointed=await pointed(db, idea),
        prompt=await round_queries.prompt_of(db, idea),
        intake=await ways_queries.intake_of(db, idea.id),
        files=await attachments.of_idea(db, idea.id),
        earlier=earlier_texts(texts),
        offered=rules.offered(idea.state, may_return=rules.sends_back(idea, idea.consultation))
        if standing.plan is None
        else (),
        may_decide=standing.may_decide,
        grounds=await queries.grounds(db, idea.consultation_id),
        history=history,
        names=OUTCOME_NAMES,
        reports=await queries.open_reports_of(db, idea.id),
        standing=standing,
        promised_at=rules.promised_at(idea.waiting_since, settings.zone) if idea.state in rules.WAITING else None,
        form=form or DecisionForm(),
        banner=await banner_of(db, request.query_params.get("done", ""), actor),
        now=now,
    )
