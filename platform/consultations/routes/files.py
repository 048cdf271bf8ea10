"""Pictures and documents with an idea: its author adds them behind the receipt, everybody sees what was let through."""

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from consultations import attachments, queries
from consultations.attachments import EnoughFiles, NoFilesNow
from consultations.file_forms import FileForm
from consultations.file_pages import IdeaFilesPage
from consultations.ideas import RECEIPT
from consultations.models import Idea
from consultations.reencode import MOST_BYTES
from consultations.studio import FileRefused, Studio
from kernel import idempotency, tokens
from kernel.db import ReadSession
from kernel.errors import LinkSpent, NotFound
from kernel.inject import Asked, Db, Doors, Now, Tx
from kernel.pages import HIDDEN

LONGEST = MOST_BYTES + 100_000
SAFE = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
"""Beside what every answer carries: what somebody sent never runs anything, wherever it is opened."""


def sent_as_file(body: bytes, *, name: str) -> Response[bytes]:
    """The bytes, to be kept as a file; as a picture only in our own pages."""
    kind = "image/jpeg" if name.endswith(".jpg") else "application/pdf"
    headers = {**SAFE, "content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=kind, headers=headers)


class OwnFiles(Controller):
    """Behind the receipt's link, for who sent the idea in."""

    path = "/receipts/{secret:str}/files"

    @get(name="idea.files")
    async def show(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """What is there, and the form for one more."""
        idea = await _behind(db, secret, now)
        return (await _page(db, secret, idea, FileForm())).response(headers=HIDDEN)

    @post(
        name="idea.file_add",
        status_code=303,
        request_max_body_size=LONGEST,
        opt={idempotency.EACH_TIME: True},
    )
    async def add(self, database: Doors, request: Asked, secret: FromPath[str], now: Now) -> Template | Redirect:
        """Have it made anew, while no transaction is open; then keep it. The same file twice is there once."""
        typed = await request.form()
        form = FileForm.parse(typed)
        sent = typed.get("file")
        raw = await sent.read() if isinstance(sent, UploadFile) else b""
        form.require_file(raw)
        made = None
        async with database.write() as tx:
            idea = await _behind(tx, secret, now)
            if not form.errors:
                try:
                    await attachments.require_room(tx, idea=idea, now=now)
                except (NoFilesNow, EnoughFiles) as refusal:
                    form.errors["form"] = refusal.sentence
        if not form.errors:
            studio: Studio = request.app.state.studio
            try:
                made = await studio.make(raw)
            except FileRefused as refusal:
                form.errors["file"] = refusal.told
        if made is None:
            async with database.read() as db:
                return (await _page(db, secret, await _behind(db, secret, now), form)).response(422, HIDDEN)
        async with database.write() as tx:
            idea = await _behind(tx, secret, now)
            await attachments.add(tx, idea=idea, made=made, alternative=form.alternative, now=now)
        return Redirect(f"/receipts/{secret}/files", status_code=303)

    @post("/{file_id:int}/remove", name="idea.file_remove", status_code=303)
    async def remove(self, tx: Tx, secret: FromPath[str], file_id: FromPath[int], now: Now) -> Redirect:
        """Take one away."""
        idea = await _behind(tx, secret, now)
        found = await attachments.by_id(tx, file_id)
        if found.idea.id != idea.id:
            raise NotFound
        await attachments.remove(tx, file=found.file, idea=idea, now=now)
        return Redirect(f"/receipts/{secret}/files", status_code=303)

    @get("/{file_id:int}/{name:str}", name="idea.own_file")
    async def own(
        self, db: Db, secret: FromPath[str], file_id: FromPath[int], name: FromPath[str], now: Now
    ) -> Response[bytes]:
        """The file as it is kept, for its author."""
        idea = await _behind(db, secret, now)
        found = await attachments.by_id(db, file_id)
        if found.idea.id != idea.id or found.file.file_name != name:
            raise NotFound
        return sent_as_file(await attachments.body_of(db, file_id), name=name)


class PublicFiles(Controller):
    """What a moderator let through, with ideas that everybody can read."""

    @get("/files/{file_id:int}/{name:str}", name="file.show")
    async def show(self, db: Db, file_id: FromPath[int], name: FromPath[str]) -> Response[bytes]:
        """The file."""
        found = await attachments.by_id(db, file_id)
        if not (found.file.is_shown and found.idea.is_public and found.file.file_name == name):
            raise NotFound
        return sent_as_file(await attachments.body_of(db, file_id), name=name)


async def _behind(db: ReadSession, secret: str, now: Now) -> Idea:
    try:
        token = await tokens.find(db, purpose=RECEIPT, secret=secret, now=now)
    except LinkSpent:
        raise NotFound from None
    return await queries.idea_by_id(db, token.subject_id)


async def _page(db: ReadSession, secret: str, idea: Idea, form: FileForm) -> IdeaFilesPage:
    files = await attachments.of_idea(db, idea.id)
    may_add = len(files) < attachments.MOST and await attachments.may_add(db, idea)
    if not may_add and not files and not form.errors:
        raise NotFound
    return IdeaFilesPage(secret=secret, idea=idea, files=files, may_add=may_add, form=form, most=attachments.MOST)
