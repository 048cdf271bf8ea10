"""Laying out the workbench: for looking, and with what was typed when something is to be mended."""

from collections.abc import Mapping

from accounts.actor import Actor
from consultations.models import Consultation
from kernel.db import ReadSession
from themes import history, queries, rules
from themes.forms import REST, MergeForm, RegroupForm, RenameForm
from themes.overviews import ThemeOverview
from themes.pages import DONE, WorkbenchPage
from themes.routes.paging import Walk

SIZE = 100


async def bench(
    db: ReadSession,
    consultation: Consultation,
    *,
    actor: Actor,
    query: Mapping[str, str] | None = None,
    place: str = "",
    rename: RenameForm | None = None,
    merge: MergeForm | None = None,
    regroup: RegroupForm | None = None,
) -> WorkbenchPage:
    """`place` is a theme's id or `rest`; without one the largest theme lies on the bench."""
    query = query or {}
    asked = place or query.get("theme", "")
    overviews = await queries.current(db, consultation.id)
    chosen = _chosen(overviews, asked)
    lies = str(chosen.theme.id) if chosen else REST
    walk = Walk.of(query, path=f"/desk/themes/{consultation.slug}", size=SIZE, kept={"theme": lies})
    rows = (
        await queries.ideas_of(db, chosen.theme.id, after=walk.after, limit=walk.limit)
        if chosen
        else await queries.rest(db, consultation.id, after=walk.after, limit=walk.limit)
    )
    return WorkbenchPage(
        consultation=consultation,
        overviews=overviews,
        sums=await queries.accounting(db, consultation.id),
        run=await queries.last_run(db, consultation.id),
        chosen=chosen,
        is_chosen=bool(asked),
        placed=walk.shown(rows),
        changes=await history.changes_of(db, chosen.theme) if chosen else (),
        next_url=walk.next_url(rows),
        first_url=walk.first_url,
        may_arrange=rules.may_arrange(actor, consultation),
        told=DONE.get(query.get("done", ""), ""),
        was_made=query.get("done") == "made",
        errors={name: told for form in (rename, merge, regroup) if form for name, told in form.errors.items()},
        rename=rename or RenameForm(name=chosen.theme.name if chosen else ""),
        merge=merge or MergeForm(),
        regroup=regroup or RegroupForm(),
    )


def _chosen(overviews: list[ThemeOverview], asked: str) -> ThemeOverview | None:
    if asked == REST or not overviews:
        return None
    return next((one for one in overviews if str(one.theme.id) == asked), overviews[0])
