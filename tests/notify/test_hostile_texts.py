"""Whatever stands in a title or a name: every letter is one letter, to one mailbox, with our headers alone."""

import os
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consultations.models import Idea
from kernel import forms
from kernel.db import Database, WriteSession
from kernel.forms import is_email, mail_host
from klankbord.worker import Worker
from notify.letters import LETTERS, header_safe, name_safe
from notify.models import Message
from notify.states import MessageState
from notify.transport import _WIRE, Memory
from tests.builders import a_moderated_consultation
from tests.notify.stories import a_follower
from tests.notify.test_digests import NEXT_EIGHT, published, worker_is_up_to_date
from tests.notify.test_letters import HOSTILE, kept, text_of, written

BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
PIECES = [
    *(BREAKS, *BREAKS, "\r\nBcc: evil@x.example", "\u2028Subject: y", "\u202e\u2066\u200f", '"a@b.nl, evil@x.example"'),
    *("=?utf-8?q?=0D=0ABcc=3A?=", "=?utf-8?b?DQpCY2M6IGV2aWxAeC5leGFtcGxl?=", "=", "?", "=\u200b?"),
    *(
        "<b>",
        "&amp;",
        "{{ 7*7 }}",
        "%(x)s %",
        "ﷺ",
        "🪑👩‍👩‍👧",
        "e\u0301\u0302\u0303",
        "\ufeff\u200b",
        "\u00a0",
        "\u3000",
    ),
    *("bankjes " * 20, "x" * 300, "é" * 300, "\ud800", "\x1b[31m", ":", ";", ",", "@", "(", "\\"),
]
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=40), min_size=1, max_size=12).map("".join)
storable = hostile.map(lambda text: text.encode(errors="ignore").decode()).map(kept)
number = count(1)
CASES = int(os.environ.get("CASES", "100"))

ALWAYS = {"Message-ID", "From", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"}
one_test_many_texts = settings(
    max_examples=CASES // 5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def arrived(letter: EmailMessage) -> EmailMessage:
    """The letter as the receiver's side reads it from the wire."""
    read = BytesParser(policy=policy.default).parsebytes(letter.as_bytes(policy=_WIRE))
    assert isinstance(read, EmailMessage)
    return read


@settings(max_examples=CASES, deadline=None)
@given(text=hostile)
@example("x" * 10_000)
@example("é\u2028" * 5_000)
def test_any_text_is_one_header(text: str) -> None:
    letter = EmailMessage()
    letter["Subject"] = header_safe(text)
    letter["From"] = Address(display_name=name_safe(text), addr_spec="panel@waterveen.example")
    letter.set_content("Hallo\n")

    read = arrived(letter)

    assert set(read.keys()) == {"Subject", "From", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
    assert [one.addr_spec for one in read["From"].addresses] == ["panel@waterveen.example"]
    assert "".join(str(read["Subject"]).split()) == "".join(header_safe(text).split())  # folding may add a space
    assert len(header_safe(text)) <= 200
    assert not set(str(read["Subject"])) & set(BREAKS)


@settings(max_examples=CASES, deadline=None)
@given(text=hostile)
def test_a_line_from_a_form_holds_no_line_break(text: str) -> None:
    assert not set(forms.line({"title": text}, "title")) & set(BREAKS)


@one_test_many_texts
@given(title=storable, name=st.sampled_from(["idea_published", "on_the_agenda", "digest", "meeting_moved"]))
async def test_no_title_stops_a_letter(tx: WriteSession, worker: Worker, title: str, name: str) -> None:
    letter = arrived(await written(tx, worker, name, key=f"{name}:{next(number)}", title=title))

    its_own = {"List-Id"} if LETTERS[name].is_list else set()
    stops = {"List-Unsubscribe", "List-Unsubscribe-Post"} if LETTERS[name].stops else set()
    assert sorted(letter.keys()) == sorted(ALWAYS | its_own | stops)
    assert len(letter["To"].addresses) == 1
    assert letter["To"].addresses[0].domain == "waterveen.example"
    assert "<script" not in text_of(letter, "html")


@settings(max_examples=max(2, CASES // 50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(titles=st.lists(storable.filter(str.strip), min_size=5, max_size=15))
@example(titles=[kept(title) for title in HOSTILE])
async def test_no_title_stops_a_digest(database: Database, worker: Worker, post: Memory, titles: list[str]) -> None:
    post.letters.clear()
    async with database.write() as tx:
        await worker_is_up_to_date(tx)
        consultation = await a_moderated_consultation(tx)
        follower = await a_follower(tx, consultation)
        for title in titles:
            await published(tx, consultation, title=title)

    await worker.turn(NEXT_EIGHT)

    async with database.read() as db:
        mine = select(Message.state).where(Message.person_id == follower.person_id, Message.template == "digest")
        assert list(await db.scalars(mine)) == [MessageState.SENT]
        assert await db.scalar(select(Idea.id).where(Idea.consultation_id == consultation.id).limit(1)) is not None
    assert [len(arrived(letter)["To"].addresses) for letter in post.letters] == [1] * len(post.letters)


address = st.from_regex(r"[^\s@]{1,20}@[^\s@]{1,20}\.[^\s@]{1,8}", fullmatch=True)


@settings(max_examples=CASES * 3, deadline=None)
@given(typed=address | st.builds("{}@{}".format, hostile, st.sampled_from(["waterveen.example", "a..nl", "x.nl"])))
@example("a@b.nl, evil@x.example")
@example("a@faß.de")
@example(f"a@{'x' * 64}.nl")
@example("a@-.nl")
@example("a..b@x.nl")
@example("jan@bücher.example")
def test_what_counts_as_an_address_is_one_mailbox(typed: str) -> None:
    if not is_email(typed):
        return
    local, _, host = typed.rpartition("@")
    letter = EmailMessage()
    letter["To"] = Address(username=local, domain=mail_host(host))
    letter.set_content("Hallo\n")

    assert [one.addr_spec for one in arrived(letter)["To"].addresses] == [f"{local}@{mail_host(host)}"]
    assert mail_host(mail_host(host)) == mail_host(host)
