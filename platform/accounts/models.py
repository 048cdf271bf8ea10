"""Tables of people, their grants, their sessions, and their second factors."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts import keeping
from accounts.browsers import Browser
from accounts.states import FactorKind, Role
from kernel.db import Base

_IN_USE = text("confirmed_at IS NOT NULL AND kind = 'totp'")
_BEGUN = text("confirmed_at IS NULL")
_WARNED = text("warned_at IS NOT NULL")
_TYPED = text("confirmed_at IS NULL AND erased_at IS NULL")


class Person(Base):
    """Somebody with an e-mail address. `email` is what was typed; `mailbox` is its folded form and unique."""

    __tablename__ = "person"
    __kept__ = keeping.PERSON
    __table_args__ = (
        Index("ix_person_warned_at", "warned_at", sqlite_where=_WARNED, postgresql_where=_WARNED),
        Index("ix_person_unconfirmed", "created_at", sqlite_where=_TYPED, postgresql_where=_TYPED),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    mailbox: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(8), default="nl")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None] = mapped_column(index=True)  # last here, or known to be
    warned_at: Mapped[datetime | None]  # that the account goes when nobody comes; until they come
    erased_at: Mapped[datetime | None]  # from then on nobody: no address, no name

    @property
    def is_confirmed(self) -> bool:
        """Whether the address was shown to be this person's."""
        return self.confirmed_at is not None


class Grant(Base):
    """A role somebody holds, for one panel or (without one) for the whole installation."""

    __tablename__ = "grant"
    __kept__ = keeping.GRANT
    __table_args__ = (
        Index(
            "uq_grant_for_panel",
            "person_id",
            "role",
            "panel_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND panel_id IS NOT NULL"),
            postgresql_where=text("revoked_at IS NULL AND panel_id IS NOT NULL"),
        ),
        Index(
            "uq_grant_for_all",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND panel_id IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND panel_id IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]  # it holds until then, without anybody revoking it


class SessionRecord(Base):
    """A signed-in browser, known by the hash of its cookie. A resident's session carries no staff grants.

    One with staff grants ends at `idle_until` as well, which moves on while it is used.
    """

    __tablename__ = "session"
    __kept__ = keeping.SESSION
    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    carries_grants: Mapped[bool]
    browser: Mapped[Browser]  # the family and this are all that is kept of what a browser says of itself
    is_handheld: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    idle_until: Mapped[datetime | None] = mapped_column(index=True)
    second_factor_at: Mapped[datetime | None]  # when it was last given in this session


class SignInRequest(Base):
    """Somebody asked to sign in; whether the address is known is only looked up when the letter is written.

    `email` is what was typed, and from then on where the letter went: all that its link and its code can prove.
    Without a browser the link works in any.
    """

    __tablename__ = "sign_in_request"
    __kept__ = keeping.SIGN_IN_REQUEST
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    mailbox: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    browser_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    next_path: Mapped[str] = mapped_column(String(200))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    wrong_codes: Mapped[int]
    requested_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class AddressChange(Base):
    """Somebody's address becomes another: asked for, made, perhaps put back. By an operator: with a written reason.

    The addresses are thrown away once nothing can be done with them any more; who, when and why stay.
    """

    __tablename__ = "address_change"
    __kept__ = keeping.ADDRESS_CHANGE
    __table_args__ = (CheckConstraint("by_id = person_id OR TRIM(reason) <> ''", name="for_another_with_reason"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    old_email: Mapped[str] = mapped_column(String(254))
    old_mailbox: Mapped[str] = mapped_column(String(254), index=True)
    new_email: Mapped[str] = mapped_column(String(254))
    new_mailbox: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    wrong_codes: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class SecondFactor(Base):
    """Something somebody has beside their mailbox. Until its first code came back it is only begun, in one browser."""

    __tablename__ = "second_factor"
    __kept__ = keeping.SECOND_FACTOR
    __table_args__ = (
        Index("uq_second_factor_in_use", "person_id", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
        Index("uq_second_factor_begun", "person_id", unique=True, sqlite_where=_BEGUN, postgresql_where=_BEGUN),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[FactorKind]
    sealed: Mapped[bytes]  # its secret, to be opened with a key that is not in the database
    last_step: Mapped[int]  # of the last code that counted; only later ones count
    begun_at: Mapped[datetime]
    begun_in: Mapped[str] = mapped_column(String(64))  # the hash of the session that began it
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper that replaces the second factor once, known to us by its hash."""

    __tablename__ = "recovery_code"
    __kept__ = keeping.RECOVERY_CODE
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecondFactorReset(Base):
    """Somebody took another's second factor away, and why. Without a name: whoever has the server."""

    __tablename__ = "second_factor_reset"
    __kept__ = keeping.SECOND_FACTOR_RESET
    __table_args__ = (
        CheckConstraint("by_id IS NULL OR by_id <> person_id", name="never_ones_own"),
        CheckConstraint("TRIM(reason) <> ''", name="says_why"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
