"""A letter: queued once, claimed by one sender, taken by the mail server, marked; two senders may stop anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis.strategies import booleans, integers, just, one_of, sampled_from, tuples

from kernel.db import WriteSession
from notify import outbox
from notify.models import Digest, Message
from tests.builders import a_person
from tests.engines import Databases
from tests.machines.stage import Machine, instant, run
from tests.moments import NOON

HOUR = timedelta(hours=1)
FIRST = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


def wait_after(failures: int) -> timedelta | None:
    """1, 5, 15, 60 minutes, then hourly, up to a day of trying."""
    if failures <= 4:
        return FIRST[failures - 1]
    waited = sum(FIRST, timedelta()) + (failures - 5) * HOUR
    return HOUR if waited + HOUR <= 24 * HOUR else None


@dataclass
class Letter:
    """What product.md says of one delivery; `taken` is how often the mail server took it."""

    key: int
    is_digest: bool
    due_at: datetime
    state: str = "queued"
    attempts: int = 0
    lease: datetime | None = None
    taken: int = 0
    broken_off: int = 0

    def waits(self, now: datetime) -> bool:
        return self.state in {"queued", "deferred"} and self.due_at <= now


@dataclass
class Sender:
    """One that claims a letter, hands it over, and writes down what became of it."""

    letter: Letter | None = None
    row: Message | None = None
    claim: int = 0
    answer: str = ""


async def world(tx: WriteSession) -> Any:
    person = await a_person(tx)
    digests = [Digest(person_id=person.id, period=f"daily:{number}", news=[], made_at=NOON) for number in range(3)]
    tx.add_all(digests)
    await tx.flush()
    return person.id, [digest.id for digest in digests]


WHO = integers(0, 1)


class Deliveries(Machine):
    world = world
    moves = one_of(
        tuples(just("enqueue"), integers(0, 6), booleans()),
        tuples(just("claim"), WHO),
        tuples(just("claim"), WHO),
        tuples(just("hand"), WHO, sampled_from(["taken", "taken", "not now", "never"])),
        tuples(just("mark"), WHO),
        tuples(just("mark"), WHO),
        tuples(just("crash"), WHO),
        tuples(just("sweep")),
    )

    def begin(self) -> None:
        self.person, self.digests = self.told
        self.book: dict[int, Letter] = {}
        self.senders = [Sender(), Sender()]

    def dates(self) -> Sequence[datetime]:
        leases = [one.lease for one in self.book.values() if one.lease is not None]
        return [*leases, *(one.due_at for one in self.book.values())]

    def enqueue(self, key: int, is_later: bool) -> Any:
        """Asked for, perhaps again; the first three keys are digests."""
        due_at = self.now + is_later * HOUR

        async def do(tx: WriteSession) -> bool:
            given: dict[str, Any] = {"template": "digest", "person_id": self.person, "due_at": due_at, "now": self.now}
            digest_id = self.digests[key] if key < 3 else None
            return await outbox.enqueue(tx, dedup_key=f"letter:{key}", digest_id=digest_id, **given)

        def judge(is_new: bool) -> bool:
            assert is_new is (key not in self.book)
            if is_new:
                self.book[key] = Letter(key, key < 3, due_at)
            return True

        return do, judge

    def claim(self, who: int) -> Any:
        """The next that is due, for a sender without one; people's own letters go before digests."""
        sender = self.senders[who]

        async def do(tx: WriteSession) -> Message | None:
            return None if sender.letter else next(iter(await outbox.claim(tx, now=self.now)), None)

        def judge(row: Message | None) -> bool:
            due = [one for one in self.book.values() if one.waits(self.now)]
            if sender.letter is not None:
                return True
            places = {key: place for place, key in enumerate(self.book)}
            due.sort(key=lambda one: (one.is_digest, one.due_at, places[one.key]))
            assert (row.dedup_key if row else None) == (f"letter:{due[0].key}" if due else None)
            if row is not None:
                letter = due[0]
                letter.state, letter.lease = "sending", self.now + timedelta(minutes=2)
                letter.attempts += 1
                self.senders[who] = Sender(letter, row, letter.attempts)
            return True

        return do, judge

    def hand(self, who: int, answer: str) -> Any:
        """Over to the mail server; what it says is not written down yet."""

        async def do(_: WriteSession) -> None:
            return None

        def judge(_: Any) -> bool:
            sender = self.senders[who]
            if sender.letter is not None and not sender.answer:
                sender.answer = answer
                sender.letter.taken += answer == "taken"
            return True

        return do, judge

    def mark(self, who: int) -> Any:
        """Written down, if the claim is still this sender's."""
        sender, answer = self.senders[who], self.senders[who].answer

        async def do(tx: WriteSession) -> None:
            if sender.row is None:
                return
            match answer:
                case "taken":
                    await outbox.sent(tx, message=sender.row, now=self.now)
                case "not now":
                    await outbox.deferred(tx, message=sender.row, error="450", now=self.now)
                case "never":
                    await outbox.bounced(tx, message=sender.row, error="550")

        def judge(_: Any) -> bool:
            letter = sender.letter
            if letter is None or not answer:
                return True
            is_mine = letter.attempts == sender.claim
            is_final = answer in {"taken", "never"}
            if is_mine and (letter.state == "sending" or (letter.state == "deferred" and is_final)):
                letter.lease = None
                letter.state = {"taken": "sent", "never": "bounced", "not now": "deferred"}[answer]
                if answer == "not now":
                    wait = wait_after(letter.attempts)
                    letter.state = "deferred" if wait else "bounced"
                    letter.due_at = self.now + wait if wait else letter.due_at
            elif answer == "taken" and not is_mine:
                letter.broken_off += 1  # it was stopped for longer than its lease, and another took over
            self.senders[who] = Sender()
            return True

        return do, judge

    def crash(self, who: int) -> Any:
        """Gone, wherever it was."""

        async def do(_: WriteSession) -> None:
            return None

        def judge(_: Any) -> bool:
            sender = self.senders[who]
            if sender.letter is not None and sender.letter.state != "sent":
                sender.letter.broken_off += sender.answer == "taken"
            self.senders[who] = Sender()
            return True

        return do, judge

    def sweep(self) -> Any:
        """Frees what got stuck."""

        async def do(tx: WriteSession) -> int:
            return await outbox.release_stuck(tx, now=self.now)

        def judge(count: int) -> bool:
            stuck = [
                one
                for one in self.book.values()
                if one.state == "sending" and one.lease is not None and one.lease < self.now
            ]
            assert count == len(stuck)
            for letter in stuck:
                letter.state, letter.due_at, letter.lease = "deferred", self.now, None
            return True

        return do, judge

    def check(self) -> None:
        rows = self.rows("SELECT dedup_key, state, attempts, due_at, lease_until, message_id FROM message ORDER BY id")
        assert [
            (key, state, attempts, instant(due_at), lease and instant(lease))
            for key, state, attempts, due_at, lease, _ in rows
        ] == [(f"letter:{one.key}", one.state, one.attempts, one.due_at, one.lease) for one in self.book.values()]
        assert len({message_id for *_, message_id in rows}) == len(rows)
        in_hand = {id(one.letter) for one in self.senders if one.letter is not None and one.answer == "taken"}
        for letter in self.book.values():
            assert letter.taken <= 1 + letter.broken_off + (id(letter) in in_hand), f"letter {letter.key} left twice"
            if letter.state == "sent":
                assert letter.taken >= 1


def test_a_letter_leaves_once_unless_its_sender_was_broken_off(databases: Databases, migrated_database: str) -> None:
    run(Deliveries, databases)
