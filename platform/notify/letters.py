"""One message → one letter: subject, text and HTML from templates/emails/<name>/, in the receiver's language.

Headers are made here alone. Whatever stands in a title, a header stays one header and `To` one mailbox.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from jinja2 import Environment

from accounts.models import Person
from accounts.people import mailbox_of
from kernel import allowances
from kernel.db import WriteSession
from kernel.forms import is_email, mail_host
from kernel.i18n import speaking
from kernel.networks import fingerprint
from kernel.settings import Settings
from notify import signing, subscriptions
from notify.drafts import Addressed, Builder, Draft, Receiver, Words
from notify.models import Message
from notify.texts import (
    answer_appeals,
    answers,
    blocks,
    comments,
    conversations,
    drafts,
    following,
    ideas,
    joining,
    leaving,
    meetings,
    merging,
    reported,
    rounds,
    second_factor,
    signing_in,
    work,
)

TO_UNCONFIRMED_A_DAY = 3
NO_MAIL = ".invalid"
"""The end of addresses that never get mail: people who are here on paper, and the author of imported ideas."""
_NOT_IN_HEADERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
"""Neither line ends nor what turns a line around; what joins letters and emoji may stay (U+200C, U+200D)."""


class NotSendable(Exception):
    """The letter may not leave; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of letter. `stops` is what its unsubscribe link silences; letters that people need have none.

    `to` finds the address of a letter that does not go to a person's own.
    """

    build: Builder
    to: Addressed | None = None
    stops: str | None = None
    is_list: bool = False


LETTERS: dict[str, Kind] = {
    "sign_in_link": Kind(build=signing_in.sign_in_link, to=signing_in.whoever_asked),
    "roles_changed": Kind(build=signing_in.roles_changed),
    "address_confirm": Kind(build=signing_in.address_confirm, to=signing_in.new_address),
    "address_taken": Kind(build=signing_in.address_taken),
    "address_given": Kind(build=signing_in.address_given),
    "address_changed": Kind(build=signing_in.address_changed, to=signing_in.old_address),
    "account_goes": Kind(build=leaving.account_goes),
    "second_factor": Kind(build=second_factor.second_factor),
    "draft_link": Kind(build=drafts.draft_link),
    "draft_unfinished": Kind(build=drafts.draft_unfinished),
    "draft_going": Kind(build=drafts.draft_going),
    "confirm_idea": Kind(build=joining.confirm_idea),
    "endorsement_confirm": Kind(build=joining.endorsement_confirm),
    "follow_confirm": Kind(build=joining.follow_confirm),
    "idea_received": Kind(build=ideas.idea_received),
    "idea_published": Kind(build=ideas.idea_published),
    **{name: Kind(build=build) for name, build in merging.LETTERS.items()},
    "idea_commented": Kind(build=comments.idea_commented, stops=signing.OWN_IDEAS),
    **{name: Kind(build=build) for name, build in ideas.KEPT_BACK.items()},
    "file_refused": Kind(build=ideas.file_refused),
    **{name: Kind(build=build) for name, build in reported.LETTERS.items()},
    "appeal_lodged": Kind(build=ideas.appeal_lodged),
    "appeal_decided": Kind(build=ideas.appeal_decided),
    "appeal_waiting": Kind(build=ideas.appeal_waiting),
    **{name: Kind(build=build) for name, build in answer_appeals.LETTERS.items()},
    "blocked": Kind(build=blocks.blocked),
    "block_ended": Kind(build=blocks.block_ended),
    "block_appeal_lodged": Kind(build=blocks.block_appeal_lodged),
    "block_appeal_decided": Kind(build=blocks.block_appeal_decided),
    "block_appeal_waiting": Kind(build=blocks.block_appeal_waiting),
    "author_asked": Kind(build=conversations.author_asked),
    "author_answered": Kind(build=conversations.author_answered),
    "reply_refused": Kind(build=conversations.reply_refused),
    "meeting_convened": Kind(build=meetings.meeting_convened),
    "meeting_moved": Kind(build=meetings.meeting_moved),
    "meeting_cancelled": Kind(build=meetings.meeting_cancelled),
    "agenda_published": Kind(build=meetings.agenda_published),
    "briefing": Kind(build=meetings.briefing),
    "on_the_agenda": Kind(build=meetings.on_the_agenda, stops=signing.OWN_IDEAS),
    "idea_discussed": Kind(build=meetings.idea_discussed, stops=signing.OWN_IDEAS),
    "idea_answered": Kind(build=answers.idea_answered, stops=signing.OWN_IDEAS),
    "consultation_extended": Kind(build=rounds.consultation_extended, stops=signing.CONSULTATION),
    "consultation_stopped": Kind(build=rounds.consultation_stopped, stops=signing.CONSULTATION),
    "consultation_resumed": Kind(build=rounds.consultation_resumed, stops=signing.CONSULTATION),
    "consultation_closing": Kind(build=rounds.consultation_closing, stops=signing.CONSULTATION),
    "response_due": Kind(build=answers.response_due),
    "response_overdue": Kind(build=answers.response_overdue),
    "work_waiting": Kind(build=work.work_waiting),
    "digest": Kind(build=following.digest, stops=signing.ALL, is_list=True),
}


def header_safe(text: str) -> str:
    """One line that stays one header: no control, line or direction characters, at most 200 characters.

    Nor anything that begins as an encoded word: the library would decode it, with the line ends that it hides.
    """
    return " ".join(_NOT_IN_HEADERS.sub(" ", text).replace("=?", "= ?").split())[:200]


def name_safe(text: str) -> str:
    """A name before an address: what is long or has quotes in it, the library folds into something else."""
    return header_safe(text).translate({ord('"'): None, ord("\\"): None})[:60].strip()


async def write(
    tx: WriteSession, *, message: Message, environment: Environment, settings: Settings, now: datetime
) -> EmailMessage:
    """The letter as it is true now. Raises NotSendable when it is not (any more), or may not be sent."""
    kind = LETTERS[message.template]
    receiver = await _receiver(tx, message, kind)
    await _may_receive(tx, message, receiver, kind, settings=settings, now=now)
    draft = Draft(tx=tx, message=message, receiver=receiver, settings=settings, now=now)
    with speaking(receiver.language):
        words = await kind.build(draft)
        if words is None:
            raise NotSendable("no longer true")
        return _compose(draft, kind, words, environment)


async def _receiver(tx: WriteSession, message: Message, kind: Kind) -> Receiver:
    if kind.to is None:
        return Receiver.of(await tx.get_one(Person, message.person_id))
    receiver = await kind.to(tx, message)
    if receiver is None:
        raise NotSendable("no longer true")
    return receiver


async def _may_receive(
    tx: WriteSession, message: Message, receiver: Receiver, kind: Kind, *, settings: Settings, now: datetime
) -> None:
    if receiver.email.endswith(NO_MAIL):
        raise NotSendable("has no mailbox")
    if not is_email(receiver.email):
        raise NotSendable("not one mailbox")
    if not receiver.is_confirmed and message.attempts <= 1:  # tried again it is the same letter
        whose = fingerprint(mailbox_of(receiver.email), settings.secret)
        day = timedelta(days=1)
        if not await allowances.take(
            tx, kind="letter_unconfirmed", whose=whose, most=TO_UNCONFIRMED_A_DAY, within=day, now=now
        ):
            raise NotSendable("enough letters today to an address that is not confirmed")
    topic, topic_id = signing.target_of(signing.scope_of(kind.stops or signing.ALL, message.facts))
    if topic is not None and await subscriptions.is_silenced(tx, person_id=receiver.id, topic=topic, topic_id=topic_id):
        raise NotSendable("asked not to hear of it")


def _compose(draft: Draft, kind: Kind, words: Words, environment: Environment) -> EmailMessage:
    settings, receiver = draft.settings, draft.receiver
    unsubscribe = ""
    if kind.stops:
        scope = signing.scope_of(kind.stops, draft.message.facts)
        unsubscribe = draft.link(signing.unsubscribe_path(settings, person_id=receiver.id, scope=scope))
    shared = {
        "municipality": settings.municipality,
        "language": receiver.language,
        "site_url": draft.link("/"),
        "name": receiver.name,
        "now": draft.now,
        "unsubscribe_url": unsubscribe,
        "settings_url": draft.link("/following") if unsubscribe else "",
    }

    def rendered(part: str, **more: str) -> str:
        return environment.get_template(f"emails/{draft.message.template}/{part}").render(shared | words | more)

    subject = header_safe(rendered("subject.txt"))
    letter = EmailMessage()
    _address(letter, settings=settings, receiver=receiver, message_id=_message_id(draft.message, settings))
    if reply_to := words.get("reply_to"):
        letter["Reply-To"] = reply_to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(draft.now)
    letter["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        letter["List-Unsubscribe"] = f"<{unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if kind.is_list:
        letter["List-Id"] = f"<digest.{urlsplit(settings.public_url).hostname}>"
    letter.set_content(_tidy(rendered("body.txt", subject=subject)), cte="quoted-printable")
    letter.add_alternative(rendered("body.html", subject=subject), subtype="html", cte="quoted-printable")
    _attach(letter, words.get("calendars", ()))
    return letter


def _address(letter: EmailMessage, *, settings: Settings, receiver: Receiver, message_id: str) -> None:
    name, sender = parseaddr(settings.mail_from)
    letter["Message-ID"] = message_id
    letter["From"] = Address(display_name=name_safe(name), addr_spec=sender)
    local, _, domain = receiver.email.rpartition("@")
    letter["To"] = Address(username=local, domain=mail_host(domain))


def _message_id(message: Message, settings: Settings) -> str:
    """Fixed when the letter is first written, whatever changes in the settings after."""
    if "@" not in message.message_id:
        message.message_id = f"{message.message_id}@{parseaddr(settings.mail_from)[1].rpartition('@')[2]}"
    return f"<{message.message_id}>"


def _attach(letter: EmailMessage, calendars: Sequence[bytes]) -> None:
    for calendar in calendars:
        letter.add_attachment(
            calendar,
            maintype="text",
            subtype="calendar",
            filename="bijeenkomst.ics",
            params={"charset": "utf-8"},
        )


def _tidy(text: str) -> str:
    """No more than one empty line in a row, none at the ends."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
