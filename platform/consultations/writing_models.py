"""Tables beside an idea's text: what somebody has not finished yet, and what a text says in another language."""

from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from consultations.models import Consultation
from kernel.db import Base
from kernel.i18n import N_
from kernel.keeping import After, Basis, Erasure, Kept

KEPT_FOR = timedelta(days=90)
"""So long after it was last written on, a draft is thrown away."""


class KeptDraft(Base):
    """A text that somebody began and did not send in yet. `fields` are those of the form, as they were typed."""

    __tablename__ = "kept_draft"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own name; no link finds another's
    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    kept_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime | None]  # it is the person's own: kept while signed in, or opened by the letter's link
    warned_of: Mapped[datetime | None]  # the moment that its writer was warned of: the close, or when it goes
    version: Mapped[int] = mapped_column()
    consultation: Mapped[Consultation] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name
    __kept__ = Kept(
        what=N_("Teksten die u nog niet hebt ingestuurd"),
        purpose=N_("Om op een ander moment of op een ander apparaat verder te schrijven."),
        basis=Basis.CONSENT,
        until=N_("tot u de tekst instuurt of weggooit, en ten hoogste 90 dagen nadat u er het laatst aan schreef"),
        after=After(column="kept_at", span=KEPT_FOR),
        whose=("person_id",),
        erasure=Erasure.REMOVED,
        words=("fields",),
    )

    @property
    def goes_at(self) -> datetime:
        """When it is thrown away, unless somebody writes on it."""
        return self.kept_at + KEPT_FOR

    @property
    def opening(self) -> str:
        """How it begins, to tell it from another."""
        words = " ".join(
            (self.fields.get("title") or self.fields.get("body") or self.fields.get("stuck") or "").split()
        )
        return words if len(words) <= 80 else words[:79].rpartition(" ")[0] + "…"


class Translation(Base):
    """What one text of an idea says in another language, made by the operator's service when a reader asked for it."""

    __tablename__ = "translation"
    __table_args__ = (UniqueConstraint("idea_id", "sha256", "language"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    sha256: Mapped[str] = mapped_column(String(64))  # of the version that it is a translation of
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str]
    body: Mapped[str]
    stuck: Mapped[str]
    made_at: Mapped[datetime]
    __kept__ = Kept(
        what=N_("Vertalingen van ideeën en ervaringen"),
        purpose=N_("Om een tekst in een andere taal te lezen, zonder hem elke keer opnieuw te laten vertalen."),
        basis=Basis.TASK,
        until=N_("zolang de tekst zelf"),
        whose=("idea_id",),
        erasure=Erasure.REMOVED,
        words=("title", "body", "stuck"),
        ours=("sha256", "language"),
    )
