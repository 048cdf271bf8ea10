"""Tables of people, their grants and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.browsers import Browser
from accounts.states import Role
from kernel.db import Base


class Person(Base):
    """Somebody with an e-mail address. `email` is what was typed; `mailbox` is its folded form and unique."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    mailbox: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(8), default="nl")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    @property
    def is_confirmed(self) -> bool:
        """Whether the address was shown to be this person's."""
        return self.confirmed_at is not None


class Grant(Base):
    """A role somebody holds, for one panel or (without one) for the whole installation."""

    __tablename__ = "grant"
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
    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    carries_grants: Mapped[bool]
    browser: Mapped[Browser]  # the family and this are all that is kept of what a browser says of itself
    is_handheld: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    idle_until: Mapped[datetime | None]


class SignInRequest(Base):
    """Somebody asked for a sign-in link. The link works in the browser that asked, or with no browser bound."""

    __tablename__ = "sign_in_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    next_path: Mapped[str] = mapped_column(String(200), default="/")
    requested_at: Mapped[datetime]
