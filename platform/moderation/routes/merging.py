"""For moderators and secretaries: put an idea into another one, split a submission, undo either."""

from collections.abc import Sequence
from dataclasses import replace

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import access
from accounts import actor as actors
from accounts.access import Permission
from accounts.inject import Actor, requires
from consultations import merge_queries, merge_rules, merging, queries, rules, similar, splitting
from consultations.inject import Similar
from consultations.models import Idea
from consultations.pieces import pieces_of, together
from consultations.queries import idea_by_id
from kernel import forms
from kernel.db import ReadSession
from kernel.errors import ChangedMeanwhile, NotFound
from kernel.inject import Asked, Db, FormData, Now, Tx
from moderation import decisions, merge_reading
from moderation import queries as moderation_queries
from moderation import rules as moderation_rules
from moderation.merge_forms import MergeForm, SplitForm
from moderation.merge_pages import SplitPage, TogetherPage
from moderation.states import Outcome

MERGES = requires(Permission.MERGE_IDEAS)
DONE = frozenset({"merged", "parted", "split", "whole"})
FOUND = 10


class Merging(Controller):
    """One idea and what it goes on with."""

    guards = [requires(Permission.READ_MERGES)]  # noqa: RUF012 - Litestar's own name

    @get("/moderation/ideas/{idea_id:int}/together", name="merge.show")
    async def show(
        self, db: Db, idea_id: FromPath[int], request: Asked, actor: Actor, find_similar: Similar, now: Now
    ) -> Template:
        """What stands, and the ideas that it could go on in: those most like it, or those with these words."""
        idea = await _idea(db, idea_id, actor, Permission.READ_MERGES)
        page = await _page(db, idea, MergeForm(into=forms.whole_number(request.query_params, "into")), now=now)
        words = forms.line(request.query_params, "q")[:80]
        done = request.query_params.get("done", "")
        may_change = access.may(actor, Permission.MERGE_IDEAS, panel_id=idea.consultation.panel_id)
        page = replace(page, may_change=may_change, may_merge=page.may_merge and may_change)
        looks = page.may_merge and page.into is None and page.split is None and not done
        found = await _found(db, idea, words, find_similar) if looks else []
        return replace(
            page, words=words, found=found, is_similar=not words, done=done if done in DONE else ""
        ).response()

    @post("/moderation/ideas/{idea_id:int}/merge", name="merge.merge", guards=[MERGES], status_code=303)
    async def merge(
        self, tx: Tx, idea_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Put it into the other one; what still waited for a moderator is published with it."""
        idea = await _idea(tx, idea_id, actor, Permission.MERGE_IDEAS)
        by = access.known(actor)
        form = MergeForm.parse(data)
        page = await _page(tx, idea, form, now=now)
        if page.into is None:
            raise merge_rules.MergeNeedsTwo
        if form.errors:
            return page.response(422)
        if form.both_seen != page.seen or (page.is_waiting and form.text_seen != page.text_seen):
            form.errors["form"] = ChangedMeanwhile().sentence
            return page.response(409)
        if page.is_waiting:
            await decisions.decide(tx, idea=idea, actor=actor, outcome=Outcome.PUBLISH, seen=form.text_seen, now=now)
        await merging.merge(tx, idea=idea, into=page.into, reason=form.reason, actor_id=by, now=now)
        return Redirect(f"/moderation/ideas/{idea.id}/together?done=merged", status_code=303)

    @post("/moderation/merges/{merge_id:int}/undo", name="merge.undo", guards=[MERGES], status_code=303)
    async def undo(self, tx: Tx, merge_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """Each stands by itself again."""
        merge = await merge_queries.merge_by_id(tx, merge_id)
        by = await _may(tx, merge.idea_id, actor)
        idea = await merging.undo(tx, merge=merge, actor_id=by, now=now)
        shown = idea.id if idea.is_public else merge.into_id
        return Redirect(f"/moderation/ideas/{shown}/together?done=parted", status_code=303)


class Splitting(Controller):
    """One submission with several ideas in it."""

    guards = [MERGES]  # noqa: RUF012 - Litestar's own name

    @get("/moderation/ideas/{idea_id:int}/split", name="split.show")
    async def show(self, db: Db, idea_id: FromPath[int], actor: Actor, now: Now) -> Template:
        """Its sentences, each to be put with an idea."""
        idea = await _to_split(db, idea_id, actor)
        return _split_page(idea, SplitForm(), now=now).response()

    @post("/moderation/ideas/{idea_id:int}/split", name="split.split", status_code=303)
    async def split(
        self, tx: Tx, idea_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """First a look at what comes of it, then it is done."""
        idea = await _to_split(tx, idea_id, actor)
        by = await _may(tx, idea_id, actor)
        form = SplitForm.parse(data, pieces=len(pieces_of(idea.body)))
        if form.errors:
            return _split_page(idea, form, now=now).response(422)
        if form.whole_seen != merge_rules.mark_of(idea):
            form.errors["form"] = ChangedMeanwhile().sentence
            return _split_page(idea, form, now=now).response(409)
        if not forms.ticked(data, "sure"):
            return _split_page(idea, form, now=now, is_chosen=True).response(is_question=True)
        await splitting.split(tx, idea=idea, shares=form.shares, reason=form.reason, actor_id=by, now=now)
        return Redirect(f"/moderation/ideas/{idea.id}/together?done=split", status_code=303)

    @post("/moderation/splits/{split_id:int}/undo", name="split.undo", status_code=303)
    async def undo(self, tx: Tx, split_id: FromPath[int], actor: Actor, now: Now) -> Redirect:
        """One submission again."""
        made = await merge_queries.split_by_id(tx, split_id)
        by = await _may(tx, made.idea_id, actor)
        await splitting.undo(tx, made=made, actor_id=by, now=now)
        return Redirect(f"/moderation/ideas/{made.idea_id}/together?done=whole", status_code=303)


async def _may(db: ReadSession, idea_id: int, actor: actors.Actor) -> int:
    idea = await idea_by_id(db, idea_id)
    return access.require(actor, Permission.MERGE_IDEAS, panel_id=idea.consultation.panel_id)


async def _idea(db: ReadSession, idea_id: int, actor: actors.Actor, permission: Permission) -> Idea:
    """An idea that everybody can read; what still waits only for who reads the queue."""
    idea = await idea_by_id(db, idea_id)
    panel_id = idea.consultation.panel_id
    access.require(actor, permission, panel_id=panel_id)
    waits = idea.state in moderation_rules.WAITING and access.may(actor, Permission.READ_QUEUE, panel_id=panel_id)
    if idea.is_comment or not (idea.is_public or waits):
        raise NotFound
    return idea


async def _to_split(db: ReadSession, idea_id: int, actor: actors.Actor) -> Idea:
    idea = await _idea(db, idea_id, actor, Permission.MERGE_IDEAS)
    merge_rules.require_to_split(
        idea.consultation,
        idea=idea,
        objected=await merge_queries.split_objected(db, idea.id),
        carries=await merge_queries.carries(db, idea.id),
    )
    return idea


async def _found(db: ReadSession, idea: Idea, words: str, find_similar: Similar) -> Sequence[Idea]:
    if words:
        listed = await queries.published(db, idea.consultation_id, words=words, most=FOUND)
        return [one for one in listed.ideas if one.id != idea.id]
    find_similar.prepare(idea.consultation_id)
    like = await similar.similar_to(
        db, find_similar, consultation_id=idea.consultation_id, words=f"{idea.title}\n{idea.body}"
    )
    return [one for one in like if one.id != idea.id]


async def _page(db: ReadSession, idea: Idea, form: MergeForm, *, now: Now) -> TogetherPage:
    is_waiting = idea.state in moderation_rules.WAITING
    into = await idea_by_id(db, form.into) if form.into is not None and form.into != idea.id else None
    if into is not None and (into.consultation_id != idea.consultation_id or not into.is_public):
        into = None
    version = await queries.current_version(db, idea.id)
    last = await moderation_queries.latest_decision(db, idea.id)
    is_free = idea.merged_into_id is None and idea.route in merge_rules.FREE
    return TogetherPage(
        idea=idea,
        is_waiting=is_waiting,
        may_change=True,
        may_merge=is_free and merge_rules.is_open(idea.consultation),
        joined=await merge_reading.joined_with(db, idea.id, now=now),
        split=await merge_reading.in_parts(db, await merge_queries.standing_split(db, idea.id), now=now),
        words="",
        found=[],
        is_similar=False,
        into=into,
        supporters=await merge_queries.supporters_of(db, [idea.id, into.id]) if into is not None else 0,
        form=form,
        seen=merge_rules.mark_of(idea, into) if into is not None else "",
        text_seen=moderation_rules.mark_of(version.sha256, last.id if last else None) if is_waiting else "",
        until=now + merge_rules.UNDO_WITHIN,
        done="",
    )


def _split_page(idea: Idea, form: SplitForm, *, now: Now, is_chosen: bool = False) -> SplitPage:
    pieces = pieces_of(idea.body)
    texts = [together(pieces, share) for share in form.shares] if is_chosen else []
    return SplitPage(
        idea=idea,
        pieces=pieces,
        form=form,
        texts=[(rules.title_from(text), text) for text in texts],
        left_out=[piece.words for number, piece in enumerate(pieces) if number not in form.choices] if texts else [],
        seen=merge_rules.mark_of(idea),
        until=now + merge_rules.UNDO_WITHIN,
    )
