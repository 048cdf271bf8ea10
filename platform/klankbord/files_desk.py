"""For moderators: pictures and documents with ideas, before anybody else sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from accounts.access import Permission, may, panels_for
from accounts.actor import Actor as Reader
from accounts.inject import Actor, requires
from consultations import attachments
from consultations.attachments import Waiting
from consultations.routes.files import sent_as_file
from kernel import forms
from kernel.db import ReadSession
from kernel.errors import NotFound
from kernel.i18n import gettext as _
from kernel.inject import Db, FormData, Now, Tx
from kernel.pages import Page
from moderation import rules


@dataclass(kw_only=True)
class VerdictForm(forms.Form):
    """A moderator shows it, or says why not."""

    is_shown: bool = False
    reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read the verdict."""
        form = cls(is_shown=forms.line(data, "verdict") == "show", reason=forms.text(data, "reason"))
        if not form.is_shown:
            form.require("reason", _("Leg uit waarom. De inzender leest dit."))
        form.limit("reason", 2_000)
        return form


@dataclass(frozen=True, kw_only=True)
class WaitingFilesPage(Page):
    """Pictures and documents that no moderator has looked at. `asked`: the one that `form` was filled in for."""

    template: ClassVar[str] = "klankbord/waiting_files.html"
    waiting: Sequence[Waiting]
    may_decide: bool
    asked: int
    form: VerdictForm

    def ideas_shown(self) -> Iterable[int]:
        """Each stands beside its idea."""
        return [one.idea.id for one in self.waiting]


class FileQueue(Controller):
    """What waits to be looked at."""

    path = "/moderation/files"
    guards = [requires(Permission.READ_QUEUE)]  # noqa: RUF012 - Litestar's own name

    @get(name="queue.files")
    async def show(self, db: Db, actor: Actor) -> Template:
        """All that waits, the oldest first."""
        return (await _page(db, actor)).response()

    @get("/{file_id:int}/{name:str}", name="queue.file")
    async def file(self, db: Db, file_id: FromPath[int], name: FromPath[str], actor: Actor) -> Response[bytes]:
        """The file, for who decides and who reads along."""
        found = await attachments.by_id(db, file_id)
        rules.require_reader(actor, panel_id=found.idea.consultation.panel_id, state=found.idea.state)
        if found.file.file_name != name:
            raise NotFound
        return sent_as_file(await attachments.body_of(db, file_id), name=name)

    @post("/{file_id:int}/decide", name="queue.file_decide", status_code=303, guards=[requires(Permission.MODERATE)])
    async def decide(
        self, tx: Tx, file_id: FromPath[int], data: FormData, actor: Actor, now: Now
    ) -> Template | Redirect:
        """Show it with its idea, or say why not."""
        found = await attachments.by_id(tx, file_id)
        moderator_id = rules.require_moderator(actor, panel_id=found.idea.consultation.panel_id)
        form = VerdictForm.parse(data)
        if form.errors:
            return (await _page(tx, actor, asked=file_id, form=form)).response(422)
        await attachments.decide(
            tx,
            file=found.file,
            idea=found.idea,
            is_shown=form.is_shown,
            reason=form.reason,
            actor_id=moderator_id,
            now=now,
        )
        return Redirect("/moderation/files", status_code=303)


async def _page(db: ReadSession, actor: Reader, *, asked: int = 0, form: VerdictForm | None = None) -> WaitingFilesPage:
    return WaitingFilesPage(
        waiting=await attachments.waiting(db, panel_ids=panels_for(actor, Permission.READ_QUEUE)),
        may_decide=may(actor, Permission.MODERATE),
        asked=asked,
        form=form or VerdictForm(),
    )
