"""The digest letter: the same rows as its page on the web."""

from datetime import timedelta

from kernel import tokens
from notify import digests
from notify.drafts import Draft, Words
from notify.models import Digest

DIGEST = "digest"
READABLE = timedelta(days=365)


async def digest(draft: Draft) -> Words | None:
    """Unless everything in it has gone since, or the receiver no longer follows anything."""
    made = await draft.tx.get_one(Digest, draft.message.digest_id)
    sections = await digests.sections(draft.tx, made)
    if not sections or not await digests.is_wanted(draft.tx, person_id=draft.receiver.id):
        return None
    subject = f"digest:{made.id}"
    until = draft.now + READABLE
    secret = await tokens.mint(draft.tx, purpose=DIGEST, subject=subject, expires_at=until, now=draft.now)
    count = sum(len(section.news) + section.more for section in sections)
    return {"sections": sections, "count": count, "page": draft.link(f"/digests/{secret}")}
