"""What the pages for moderators are put together from: values out of rows, for a reader."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from accounts.actor import Actor
from consultations import attachments, round_queries, ways_queries
from consultations.differences import difference
from consultations.models import Idea, IdeaVersion
from consultations.versions import full_text
from kernel.db import ReadSession
from kernel.i18n import N_
from kernel.i18n import gettext as _
from kernel.inject import Asked
from kernel.settings import Settings
from moderation import queries, rules
from moderation.forms import DecisionForm
from moderation.pages import EarlierText, ReviewPage, Standing
from moderation.states import OUTCOME_NAMES, Outcome, Show
from moderation.worklist import worklist

DONE = {
    Outcome.PUBLISH: N_("‘%(title)s’ staat nu op de site."),
    Outcome.RETURN: N_("‘%(title)s’ is terug naar de inzender."),
    Outcome.HOLD: N_("‘%(title)s’ wordt vastgehouden."),
    Outcome.REJECT: N_("‘%(title)s’ is afgewezen. De inzender krijgt uw uitleg."),
    Outcome.REMOVE: N_("‘%(title)s’ is van de site gehaald. De inzender krijgt uw uitleg."),
}
DONE_OTHERWISE = {
    "report": N_("De melding is beantwoord."),
    "block_appeal": N_("Over het bezwaar is beslist. De inwoner krijgt uw uitleg."),
    "appeal": N_("Over het bezwaar is beslist. De inzender krijgt uw uitleg."),
}


def show_of(asked: str | None) -> Show:
    """The list that was asked for; the waiting ideas when there is no such list."""
    return Show(asked) if asked in set(Show) else Show.WAITING


async def banner_of(db: ReadSession, done: str, actor: Actor) -> str:
    """The sentence that confirms what was just done: a decision's number, or a word. Nothing of another panel."""
    if done in DONE_OTHERWISE:
        return _(DONE_OTHERWISE[done])
    if not done.isdecimal() or len(done) > 9:
        return ""
    decision = await queries.decision_taken(db, int(done))
    if decision is None or not rules.may_read(actor, panel_id=decision.idea.consultation.panel_id):
        return ""
    return _(DONE[decision.outcome]) % {"title": decision.idea.title}


def earlier_texts(versions: Sequence[IdeaVersion]) -> list[EarlierText]:
    """The texts before the newest, newest first, each with what the one after it changed."""
    return [
        EarlierText(version=before, changed=difference(full_text(before), full_text(after)))
        for after, before in pairwise(versions)
    ]


async def standing_of(
    db: ReadSession, idea: Idea, *, actor: Actor, seen: str, is_changed: bool, now: datetime
) -> Standing:
    """Who looks at the idea now."""
    found = await queries.claim_on(db, idea.id, now=now)
    return Standing(
        idea_id=idea.id,
        is_open=idea.state in rules.WAITING and rules.may_moderate(actor, panel_id=idea.consultation.panel_id),
        is_mine=found is not None and found[0].moderator_id == actor.person_id,
        claimed_by=found[1] if found else "",
        until=found[0].expires_at if found else None,
        is_changed=is_changed,
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
    show = show_of(request.query_params.get("show"))
    texts = await queries.versions(db, idea.id)
    history = await queries.decisions_of(db, idea.id)
    seen = rules.mark_of(texts[0].sha256, history[0].decision.id if history else None)
    since = max(idea.confirmed_at or idea.received_at, texts[0].written_at)
    return ReviewPage(
        work=await worklist(db, actor=actor, show=show, chosen=f"idea-{idea.id}", zone=settings.zone, now=now),
        idea=idea,
        prompt=await round_queries.prompt_of(db, idea),
        intake=await ways_queries.intake_of(db, idea.id),
        files=await attachments.of_idea(db, idea.id),
        earlier=earlier_texts(texts),
        offered=rules.offered(idea.state, may_return=rules.sends_back(idea, idea.consultation)),
        may_decide=rules.may_moderate(actor, panel_id=idea.consultation.panel_id),
        grounds=await queries.grounds(db, idea.consultation_id),
        history=history,
        names=OUTCOME_NAMES,
        reports=await queries.open_reports_of(db, idea.id),
        standing=await standing_of(db, idea, actor=actor, seen=seen, is_changed=is_changed, now=now),
        promised_at=rules.promised_at(since, settings.zone) if idea.state in rules.WAITING else None,
        form=form or DecisionForm(),
        banner=await banner_of(db, request.query_params.get("done", ""), actor),
        now=now,
    )
