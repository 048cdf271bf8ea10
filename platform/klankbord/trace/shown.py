"""What each page shows that is not public, by its address: the one table.

The longest beginning of a route's address that stands in SHOWN counts, so a new page behind a desk is on record from
its first day, at the least under its desk's name. A page that shows something of one thing names that thing.
"""

import re
from functools import cache

SHOWN: dict[str, str] = {
    "/desk": "desk",
    "/desk/advice/{recommendation_id}": "advice:{recommendation_id}",
    "/desk/consultations": "consultations",
    "/desk/consultations/{consultation_id}": "consultation:{consultation_id}",
    "/desk/conversations": "conversations",
    "/desk/conversations/ideas/{idea_id}": "idea:{idea_id}",
    "/desk/conversations/themes/{theme_id}": "theme:{theme_id}",
    "/desk/meetings": "meetings",
    "/desk/meetings/{meeting_id}": "meeting:{meeting_id}",
    "/desk/on-behalf": "on_behalf",
    "/desk/on-behalf/ideas/{idea_id}": "idea:{idea_id}",
    "/desk/on-behalf/{slug}": "consultation:{slug}",
    "/desk/points/{item_id}": "point:{item_id}",
    "/desk/responses": "responses",
    "/desk/responses/{response_id}": "response:{response_id}",
    "/desk/set-up": "people",
    "/desk/set-up/panels/{slug}": "panel:{slug}",
    "/desk/themes": "themes",
    "/desk/themes/{slug}": "consultation:{slug}",
    "/desk/trace": "trace",
    "/meetings/{meeting_id}/briefing": "briefing:{meeting_id}",
    "/moderation": "queue",
    "/moderation/answers/{answer_appeal_id}": "answer_appeal:{answer_appeal_id}",
    "/moderation/appeals/{appeal_id}": "appeal:{appeal_id}",
    "/moderation/blocks": "blocks",
    "/moderation/blocks/{block_id}": "block:{block_id}",
    "/moderation/endorsements/{endorsement_id}": "endorsement:{endorsement_id}",
    "/moderation/files": "files",
    "/moderation/files/{file_id}": "file:{file_id}",
    "/moderation/ideas/{idea_id}": "idea:{idea_id}",
    "/moderation/merges/{merge_id}": "merge:{merge_id}",
    "/moderation/page-reports/{page_report_id}": "page_report:{page_report_id}",
    "/moderation/reports/{report_id}": "report:{report_id}",
    "/moderation/splits/{split_id}": "split:{split_id}",
    "/moderation/support": "support_list",
    "/moderation/support/{quarantine_id}": "support:{quarantine_id}",
    # behind the link of a letter, which is the only key
    "/answers/{secret}": "letter:{secret}",
    "/blocks/{secret}": "letter:{secret}",
    "/confirm/{secret}": "letter:{secret}",
    "/digests/{secret}": "letter:{secret}",
    "/drafts/open/{secret}": "letter:{secret}",
    "/receipts/{secret}": "letter:{secret}",
}
DRAFTS = "/consultations/{slug}"
"""For everybody; while it is a draft, for those who prepare it and who look over their shoulder."""

OWN = (
    *("/account", "/second-factor", "/blocked", "/follow", "/following", "/not-me", "/unsubscribe", "/sign-in"),
    *("/sign-out", "/language", "/endorse/{secret}", "/receipts", "/drafts"),
)
"""What people are shown of themselves, signed in or by a letter to them, and public ideas that they support."""
PUBLIC = (
    *("/consultations", "/ideas", "/themes", "/panels", "/recommendations", "/v1", "/static", "/health", "/security"),
    *("/files", "/kept", "/erased", "/.well-known", "/theme.css", "/report", "/demo", "/live", "/{address}"),
)
"""For everybody. Who is not signed in leaves no trace there, on purpose, and neither does who is. An author who is
signed in sees an idea of their own at /ideas before it is public; nobody else does. /demo is not there in production,
and /live shows nothing."""
EXPORTS = re.compile(r"\.(csv|jsonl|zip)$")


@cache
def subject_of(template: str) -> str | None:
    """What a route with this address shows, with the words of the address to be filled in; None when it is public."""
    beginnings = [one for one in SHOWN if template == one or template.startswith((f"{one}/", f"{one}."))]
    return SHOWN[max(beginnings, key=len)] if beginnings else None


def is_export(template: str) -> bool:
    """Whether what it gives is a file to take along."""
    return EXPORTS.search(template) is not None
