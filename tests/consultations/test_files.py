"""Pictures and documents with an idea: made anew, looked at, shown, taken away; and what is refused."""

import asyncio
import io
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select

from accounts.states import Role
from consultations import ideas, reencode, ways
from consultations.models import Idea
from consultations.states import IdeaState
from consultations.studio import FileRefused, Studio
from consultations.ways import Ways
from consultations.ways_models import Attachment
from kernel.db import Database
from kernel.events import EventRecord
from panels.models import Panel
from tests.builders import a_moderated_consultation, a_panel, a_person, an_idea
from tests.moments import NOON
from tests.panels.staff import signed_in
from tests.visitor import Visitor

SECRET = b"zq-51.9876-4.1234-qz"


def a_photo(*, size: tuple[int, int] = (900, 600), kind: str = "JPEG", behind: bytes = b"") -> bytes:
    """A photograph that tells where and by which camera it was taken."""
    picture, told = Image.radial_gradient("L").resize(size).convert("RGB"), Image.Exif()
    told[0x010F], told[0x8298], told[0x0112] = SECRET.decode(), SECRET.decode(), 6
    written = io.BytesIO()
    picture.save(written, kind, exif=told, comment=SECRET, **({"quality": 60} if kind == "JPEG" else {}))
    return written.getvalue() + behind


def a_pdf(*, pages: int = 2, photo: bytes = b"", password: str = "") -> bytes:
    """A document that tells who made it, and that would do something when it is opened."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=SECRET)
    made.Root.OpenAction = action
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([b"x", action])))
    made.docinfo["/Author"] = SECRET.decode()
    page = made.pages[0]
    page.obj.AA = pikepdf.Dictionary(O=action)
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    page.obj.Annots = pikepdf.Array([made.make_indirect(link)])
    made.attachments["geheim.txt"] = SECRET
    if photo:
        stream = pikepdf.Stream(made, photo)
        stream.Type, stream.Subtype, stream.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DCTDecode
        stream.Width, stream.Height, stream.BitsPerComponent, stream.ColorSpace = 900, 600, 8, pikepdf.Name.DeviceRGB
        page.obj.Contents = made.make_stream(b"q 100 0 0 100 0 0 cm /Foto Do Q")
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Foto=made.make_indirect(stream)))
    written = io.BytesIO()
    made.save(written, encryption=pikepdf.Encryption(owner="a", user=password) if password else None)
    return written.getvalue()


def everything_in(pdf: bytes) -> bytes:
    """All bytes of a document, undone of every packing."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        written = io.BytesIO()
        opened.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable, stream_decode_level=None)
        streams = [one.read_raw_bytes() for one in opened.objects if isinstance(one, pikepdf.Stream)]
    return pdf + written.getvalue() + b"".join(streams)


# made anew


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_of_a_picture_only_what_is_seen_stays(kind: str) -> None:
    head, made = reencode.anew(a_photo(kind=kind, behind=b"<script>alert(1)</script>PK\x03\x04" + SECRET))

    assert head == "jpeg 600 900"  # upright: it was held sideways
    assert SECRET not in made
    assert b"script" not in made
    assert b"Exif" not in made
    assert made.endswith(b"\xff\xd9")


def test_a_large_photo_gets_small_and_a_bomb_is_not_opened() -> None:
    head, _ = reencode.anew(a_photo(size=(5_000, 3_000)))
    assert head == "jpeg 960 1600"

    chunk = b"IHDR" + (60_000).to_bytes(4) + (60_000).to_bytes(4) + bytes([8, 2, 0, 0, 0])
    packed = b"IDAT" + zlib.compress(b"\0" * 1_000)
    chunks = (len(one[4:]).to_bytes(4) + one + zlib.crc32(one).to_bytes(4) for one in (chunk, packed, b"IEND"))
    with pytest.raises(reencode.Refused, match="large"):
        reencode.anew(reencode.PNG + b"".join(chunks))


def test_of_a_document_only_its_pages_stay() -> None:
    head, made = reencode.anew(a_pdf(photo=a_photo()) + b"PK\x03\x04" + SECRET)

    assert head == "pdf 2 0"
    whole = everything_in(made)
    for told in (SECRET, b"JavaScript", b"OpenAction", b"/Annots", b"geheim.txt", b"Exif", b"/Names"):
        assert told not in whole, told
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) == 2
        [photo] = [one for one in opened.objects if isinstance(one, pikepdf.Stream) and "/Width" in one]
        assert pikepdf.PdfImage(photo).as_pil_image().size == (900, 600)


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"GIF89a" + b"\0" * 50, "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b" %PDF-1.7 later", "kind"),
        (b"", "kind"),
        (b"%PDF-1.7\n" + b"rubbish" * 9, "broken"),
        (a_photo()[:4_000], "broken"),
        (a_pdf(pages=11), "pages"),
        (a_pdf(password="dicht"), "locked"),
        (b"\xff\xd8\xff" + b"\0" * reencode.MOST_BYTES, "large"),
    ],
    ids=["gif", "svg", "blank-first", "nothing", "no-pdf", "cut-off", "too-many-pages", "locked", "too-large"],
)
async def test_the_program_says_in_a_word_why_not(raw: bytes, word: str) -> None:
    with pytest.raises(FileRefused) as refused:
        await Studio().make(raw)
    assert refused.value.word == word


async def test_two_are_made_at_once_and_the_others_wait_their_turn() -> None:
    studio, photo = Studio(), a_photo(size=(60, 40))

    made = await asyncio.gather(*(studio.make(photo) for _ in range(3)))

    assert {(one.is_picture, one.width, one.height) for one in made} == {(True, 40, 60)}
    assert len({one.body for one in made}) == 1


# with an idea


@pytest.fixture
async def panel(database: Database) -> Panel:
    async with database.write() as tx:
        return await a_panel(tx)


@pytest.fixture
async def idea(database: Database, panel: Panel) -> Idea:
    """Published, in a consultation that takes pictures."""
    async with database.write() as tx:
        consultation = await a_moderated_consultation(tx, panel=panel)
        chooser = await a_person(tx)
        await ways.choose(tx, consultation=consultation, ways=Ways(takes_files=True), actor_id=chooser.id, now=NOON)
        return await an_idea(tx, consultation=consultation, state=IdeaState.PUBLISHED)


@pytest.fixture
async def receipt(database: Database, idea: Idea) -> str:
    async with database.write() as tx:
        return await ideas.receipt_link(tx, idea_id=idea.id, now=NOON)


async def send(
    visitor: Visitor, receipt: str, raw: bytes, *, alternative: str = "Een halte", **more: Any
) -> httpx.Response:
    """As a browser sends the form that stands on the page."""
    await visitor.open(f"{receipt}/files")
    form = next(one for one in visitor.forms if "alternative" in one.fields)
    fields = {name: values[0] for name, values in form.fields.items() if values and name != "file"}
    visitor.page = await visitor.http.post(
        form.action,
        data=fields | {"alternative": alternative},
        files={"file": ("../../<foto>.jpg", raw, "image/jpeg")},
        headers={"origin": visitor.site, **more},
    )
    return visitor.page


async def test_a_photo_is_seen_by_its_author_then_a_moderator_then_everybody_and_goes_with_the_idea(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, panel: Panel, idea: Idea, receipt: str
) -> None:
    await visitor.open(receipt)
    await visitor.follow("Voeg een foto of PDF toe")
    photo = a_photo()
    for _ in range(2):  # the same twice is there once
        assert (await send(visitor, receipt, photo, alternative="De halte zonder bankje")).status_code == 200
    assert visitor.text.count("wacht op een moderator") == 1
    async with database.read() as db:
        file = (await db.scalars(select(Attachment))).one()
    own = await visitor.http.get(f"{receipt}/files/{file.id}/{file.file_name}")
    assert (own.status_code, own.headers["content-type"]) == (200, "image/jpeg")
    anybody = another()
    public = f"/files/{file.id}/{file.file_name}"
    assert (await anybody.open(public)).status_code == 404
    assert (await anybody.open(f"/ideas/{idea.id}")).text.count("<img") == 0

    moderator = another()
    await signed_in(moderator, database, Role.MODERATOR, panel)
    await moderator.open("/moderation")
    await moderator.follow("1 foto of document wacht")
    assert "De halte zonder bankje" in moderator.text
    assert (await moderator.http.get(f"/moderation{public}")).status_code == 200
    await moderator.press("Toon bij de inzending")
    assert "Er wacht niets" in moderator.text

    await anybody.open(f"/ideas/{idea.id}")
    assert 'alt="De halte zonder bankje"' in anybody.text
    seen = await anybody.http.get(public)
    assert seen.content == own.content
    assert seen.headers["content-disposition"] == f'attachment; filename="{file.file_name}"'
    assert seen.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert seen.headers["x-content-type-options"] == "nosniff"

    async with database.write() as tx:
        await ideas.withdraw(tx, idea=await tx.get_one(Idea, idea.id), actor_id=idea.author_id, now=NOON)
    assert (await anybody.open(public)).status_code == 404
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Attachment)) == 0
        names = (await db.scalars(select(EventRecord.name).where(EventRecord.subject == f"idea:{idea.id}"))).all()
    assert names == ["idea.file_added", "idea.file_decided", "idea.withdrawn"]


async def test_what_is_not_shown_says_why_and_can_be_taken_away(
    visitor: Visitor, another: Callable[[], Visitor], database: Database, panel: Panel, receipt: str
) -> None:
    await send(visitor, receipt, a_pdf(), alternative="Een tekening van het plein")
    moderator = another()
    await signed_in(moderator, database, Role.MODERATOR, panel)
    await moderator.open("/moderation/files")
    await moderator.press("Toon dit niet", reason="")
    assert (moderator.status, "Leg uit waarom." in moderator.text) == (422, True)
    await moderator.press("Toon dit niet", reason="Er staat een naam op.")

    await visitor.open(f"{receipt}/files")
    assert "staat niet op de site" in visitor.text
    assert "Er staat een naam op." in visitor.text
    await visitor.press("Haal weg")
    assert "Er staat een naam op." not in visitor.text


@pytest.mark.parametrize(
    ("raw", "alternative", "sentence"),
    [
        (b"", "Een halte", "Kies een foto of een PDF."),
        (a_photo(size=(20, 20)), "", "Niet iedereen kan een foto zien."),
        (b"PK\x03\x04 zip", "Een halte", "Dit is geen foto (JPEG of PNG) en geen PDF."),
    ],
)
async def test_the_form_says_what_is_wrong_and_keeps_nothing(
    visitor: Visitor, database: Database, receipt: str, raw: bytes, alternative: str, sentence: str
) -> None:
    answer = await send(visitor, receipt, raw, alternative=alternative)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    async with database.read() as db:
        assert await db.scalar(select(func.count()).select_from(Attachment)) == 0


async def test_no_more_than_three_fit(visitor: Visitor, receipt: str) -> None:
    for wide in (20, 21, 22):
        assert (await send(visitor, receipt, a_photo(size=(wide, 20)))).status_code == 200
    assert "Er passen er niet meer bij." in visitor.text


async def test_files_are_read_from_who_holds_a_receipt_and_from_no_other_site(visitor: Visitor, receipt: str) -> None:
    photo = a_photo(size=(20, 20))
    elsewhere = await send(visitor, receipt, photo, origin="https://elders.example")
    assert elsewhere.status_code == 403
    token = {"_csrf_token": visitor.http.cookies["csrf"], "alternative": "Een halte"}
    origin = {"origin": visitor.site}
    nobody = await visitor.http.post(
        f"/receipts/{'x' * 32}/files", data=token, files={"file": ("a", photo)}, headers=origin
    )
    assert nobody.status_code == 410
    without = await visitor.http.post(f"{receipt}/files", files={"file": ("a", photo)}, headers=origin)
    assert without.status_code == 403
    large = await visitor.http.post(
        f"{receipt}/files", data=token, files={"file": ("a", b"\xff\xd8\xff" + b"\0" * 12_200_000)}, headers=origin
    )
    assert large.status_code == 413
    not_there = await visitor.http.post("/sign-in", data=token, files={"file": ("a", photo)}, headers=origin)
    assert not_there.status_code == 415


async def test_where_pictures_are_not_asked_for_nothing_is_taken(
    visitor: Visitor, database: Database, panel: Panel
) -> None:
    async with database.write() as tx:
        plain = await an_idea(tx, consultation=await a_moderated_consultation(tx, panel=panel))
        receipt = await ideas.receipt_link(tx, idea_id=plain.id, now=NOON)

    assert "foto" not in (await visitor.open(receipt)).text
    assert (await visitor.open(f"{receipt}/files")).status_code == 404
