"""Makes a picture or a PDF anew: only what is seen of it stays. A program of its own, for it reads hostile bytes.

    python reencode.py < what-somebody-sent > what-we-keep

The first line of what it prints is `jpeg WIDTH HEIGHT` or `pdf PAGES 0`, the rest is the file. What cannot be made
anew ends with status 2 and one word on stderr: `kind`, `large`, `pages`, `locked`, `broken`. It gives itself limits
before it reads: memory, seconds, no files of its own.

A picture is decoded and drawn again as a JPEG of at most LONGEST pixels a side: place, camera, comments and whatever
hung behind the picture are gone. A PDF is written again from its pages alone: what they show, and nothing that acts,
leads somewhere or tells who made it.
"""

import io
import resource
import sys
from typing import Any

MOST_BYTES = 12_000_000
MOST_PIXELS = 40_000_000
LONGEST = 1_600
QUALITY = 82
MOST_PAGES = 10
LARGEST_PDF = 4_000_000
SECONDS = 20
MEMORY = 1_500_000_000
KEPT_OF_PAGE = frozenset({"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"})
TELLS_OR_ACTS = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/A", "/OpenAction", "/JS", "/JavaScript", "/Names"),
    *("/AF", "/EmbeddedFiles", "/EF", "/OPI", "/Alternates", "/Measure", "/PtData", "/SMask/Metadata", "/Info"),
)
JPEG, PNG, PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"


class Refused(Exception):
    """It cannot be made anew; the word says why."""


def main() -> int:
    """From standard input to standard output."""
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(kind, (most, most))
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        head, made = anew(raw)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except (Exception, RecursionError) as error:  # whatever a library makes of hostile bytes: it is not a file for us
        print(f"broken {type(error).__name__}", file=sys.stderr)
        return 2
    sys.stdout.buffer.write(f"{head}\n".encode() + made)
    return 0


def anew(raw: bytes) -> tuple[str, bytes]:
    """What we keep, with the line that says what it is. The first bytes tell, never a name or a type that was sent."""
    if len(raw) > MOST_BYTES:
        raise Refused("large")
    if raw.startswith((JPEG, PNG)):
        return picture(raw)
    if raw.startswith(PDF):
        return document(raw)
    raise Refused("kind")


def picture(raw: bytes) -> tuple[str, bytes]:
    """Drawn again, upright, on white where one could look through it."""
    from PIL import Image, ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = None  # asked below, before anything is decoded
    with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > MOST_PIXELS or min(opened.size) < 1:
            raise Refused("large")
        if getattr(opened, "n_frames", 1) > 1:
            opened.seek(0)
        opened.draft("RGB", (LONGEST, LONGEST))
        opened.thumbnail((LONGEST, LONGEST))
        upright = ImageOps.exif_transpose(opened)
        drawn = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA")
        drawn.paste(seen, mask=seen.getchannel("A"))
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=False)
    return f"jpeg {drawn.width} {drawn.height}", written.getvalue()


def document(raw: bytes) -> tuple[str, bytes]:
    """Its pages alone, in a file of our own."""
    import pikepdf

    try:
        opened = pikepdf.open(io.BytesIO(raw), attempt_recovery=True, inherit_page_attributes=True)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    with opened, pikepdf.new() as fresh:
        if opened.is_encrypted:
            raise Refused("locked")
        if not 0 < len(opened.pages) <= MOST_PAGES:
            raise Refused("pages")
        fresh.pages.extend(opened.pages)
        for page in fresh.pages:
            for name in set(page.obj.keys()) - KEPT_OF_PAGE:
                del page.obj[name]
        for one in fresh.objects:
            _bare(one, pikepdf)
        written = io.BytesIO()
        fresh.remove_unreferenced_resources()
        fresh.save(
            written,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
            linearize=False,
        )
        count = len(fresh.pages)
    if written.tell() > LARGEST_PDF:
        raise Refused("large")
    return f"pdf {count} 0", written.getvalue()


def _bare(one: Any, pikepdf: Any) -> None:
    """Without what tells who made it, and without what acts; a photograph in it without its place and camera."""
    if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for name in TELLS_OR_ACTS:
        if name in one:
            del one[name]
    if isinstance(one, pikepdf.Stream) and one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        raw = one.read_raw_bytes()
        if raw.startswith(JPEG):
            one.write(without_segments(raw), filter=pikepdf.Name.DCTDecode)


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without its application segments and comments, but for those that its colours need (APP0, APP14)."""
    kept, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:  # a filling byte
            at += 1
            continue
        if marker == 0xDA:  # what follows is the picture, up to the mark of its end
            end = jpeg.rfind(b"\xff\xd9")
            return bytes(kept + jpeg[at : end + 2 if end > at else len(jpeg)])
        long = int.from_bytes(jpeg[at + 2 : at + 4])
        is_told = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)
        if long < 2:
            raise Refused("broken")
        if not is_told:
            kept += jpeg[at : at + 2 + long]
        at += 2 + long
    raise Refused("broken")


if __name__ == "__main__":
    sys.exit(main())
