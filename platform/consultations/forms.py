"""What came in through the public pages, parsed and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from accounts.names import sounds_official
from consultations import rules
from consultations.ideas import Written
from consultations.languages import language_of
from consultations.models import Idea
from consultations.neighbourhoods import LONGEST_NAME, Area, joined
from consultations.round_models import Prompt
from consultations.states import IdeaKind
from kernel import forms
from kernel.i18n import gettext as _
from kernel.i18n import language

COMMENT_FIELDS = frozenset({"body", "shown_name"})
"""All that a comment has."""


def kind_from(value: str) -> IdeaKind:
    """What somebody chose to send; an idea unless it says experience."""
    return IdeaKind.EXPERIENCE if value == IdeaKind.EXPERIENCE else IdeaKind.IDEA


@dataclass(kw_only=True)
class IdeaForm(forms.Form):
    """An idea or an experience."""

    kind: IdeaKind = IdeaKind.IDEA
    title: str = ""
    body: str = ""
    service: str = ""
    stuck: str = ""
    shown_name: str = ""
    place: str = ""
    email: str = ""
    prompt_id: int | None = None
    prompts: Sequence[Prompt] = ()
    area: str = ""
    areas: Sequence[Area] = ()  # the neighbourhoods on the map, where there is one
    is_comment: bool = False  # a comment that is changed: a text and a name

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, is_known: bool) -> Self:
        """Read and check the fields; somebody we know gives no address."""
        form = cls(
            kind=kind_from(forms.line(data, "kind")),
            title=forms.line(data, "title"),
            body=forms.text(data, "body"),
            service=forms.line(data, "service"),
            stuck=forms.text(data, "stuck"),
            shown_name=forms.name(data, "shown_name"),
            place=forms.line(data, "place"),
            area=forms.line(data, "area")[:LONGEST_NAME],
            email=forms.email(data, "email"),
            prompt_id=forms.whole_number(data, "prompt"),
        )
        if form.kind is IdeaKind.EXPERIENCE:
            form.require("body", _("Vertel wat er gebeurde."))
        else:
            form.service = form.stuck = ""
            form.require("body", _("Schrijf uw idee op."))
        for name, most in (("title", rules.MOST_TITLE), ("body", rules.MOST_BODY), ("stuck", 2_000)):
            form.limit(name, most)
        for name, most in (("service", 120), ("shown_name", 80), ("place", 80)):
            form.limit(name, most)
        if len(joined(form.place, form.area)) > 80:
            form.errors["place"] = _("Deze plaats is te lang. Noem alleen de straat of de buurt.")
        _check_name(form)
        if not is_known and not forms.is_email(form.email):
            form.errors["email"] = _("Vul uw e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return form

    @classmethod
    def changed(cls, data: Mapping[str, Any], idea: Idea) -> Self:
        """Another text for an idea that was sent in; what it is stays."""
        form = cls.parse({**data, "kind": idea.kind}, is_known=True)
        form.is_comment = idea.is_comment
        if form.is_comment:
            form.title = form.place = form.area = ""
            form.prompt_id = None
            form.errors = {name: sentence for name, sentence in form.errors.items() if name in COMMENT_FIELDS}
            if not form.body:
                form.errors["body"] = _("Schrijf uw aanvulling op.")
        return form

    @property
    def words(self) -> str:
        """All that says what it is about."""
        return "\n".join(text for text in (self.title, self.body, self.stuck) if text)

    @classmethod
    def of(cls, idea: Idea) -> Self:
        """The form as it would stand with an idea's present text."""
        return cls(
            kind=idea.kind,
            title="" if idea.title == rules.title_from(idea.body) else idea.title,
            body=idea.body,
            service=idea.service,
            stuck=idea.stuck,
            shown_name=idea.shown_name,
            place=idea.place,
            prompt_id=idea.prompt_id,
            is_comment=idea.is_comment,
        )

    def offer(self, prompts: Sequence[Prompt]) -> Self:
        """Let the author say which of these questions it answers; a question that is none of them is forgotten."""
        self.prompts = prompts
        if self.prompt_id not in {one.id for one in prompts}:
            self.prompt_id = None
        return self

    @classmethod
    def restored(cls, kept: Mapping[str, str]) -> Self:
        """The form as it was when its `typed` was kept; nothing is checked yet."""
        form = cls.parse({**kept, "prompt": kept.get("prompt_id", "")}, is_known=True)
        form.errors.clear()
        return form

    @property
    def typed(self) -> dict[str, str]:
        """All that was typed but the address, to be kept until it is sent in."""
        names = {one.name for one in fields(self)} - {"errors", "email", "prompts", "areas", "is_comment"}
        given = {name: getattr(self, name) for name in names}
        return {name: "" if value is None else str(value) for name, value in given.items()}

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to keep."""
        return not any(value for name, value in self.typed.items() if name not in {"kind", "prompt_id"})

    def switch_kind(self) -> None:
        """From idea to experience or back, before it is sent: nothing is checked yet and nothing typed is lost."""
        if self.kind is IdeaKind.EXPERIENCE:
            self.body = "\n\n".join(part for part in (self.body, self.stuck, self.service) if part)
            self.stuck = self.service = ""
        self.kind = IdeaKind.IDEA if self.kind is IdeaKind.EXPERIENCE else IdeaKind.EXPERIENCE
        self.errors.clear()

    @property
    def written(self) -> Written:
        """What was written, for the verbs."""
        return Written(
            kind=self.kind,
            title=self.title,
            body=self.body,
            service=self.service,
            stuck=self.stuck,
            shown_name=self.shown_name,
            place=joined(self.place, self.area),
            language=language_of("\n".join((self.title, self.body, self.stuck)), expected=language()),
            reads=language(),
            prompt_id=self.prompt_id,
        )


@dataclass(kw_only=True)
class CommentForm(forms.Form):
    """What somebody adds to an idea."""

    body: str = ""
    shown_name: str = ""
    sender: str = ""  # the address; the idea's page has another field for one

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, is_known: bool) -> Self:
        """Read and check the fields; somebody we know gives no address."""
        form = cls(
            body=forms.text(data, "body"),
            shown_name=forms.name(data, "shown_name"),
            sender=forms.email(data, "sender"),
        )
        form.require("body", _("Schrijf uw aanvulling op."))
        form.limit("body", rules.MOST_BODY)
        form.limit("shown_name", 80)
        _check_name(form)
        if not is_known and not forms.is_email(form.sender):
            form.errors["sender"] = _("Vul uw e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return form

    @classmethod
    def begun(cls, data: Mapping[str, Any]) -> Self:
        """What was written as an idea of its own, to be added to another; nothing is checked yet."""
        typed = IdeaForm.parse(data, is_known=True)
        whole = "\n\n".join(text for text in (typed.title, typed.body, typed.stuck) if text)
        return cls(body=whole, shown_name=typed.shown_name, sender=typed.email)

    @property
    def written(self) -> Written:
        """What was written, for the verbs."""
        return Written(
            body=self.body,
            shown_name=self.shown_name,
            language=language_of(self.body, expected=language()),
            reads=language(),
        )


def _check_name(form: IdeaForm | CommentForm) -> None:
    if sounds_official(form.shown_name):
        form.errors["shown_name"] = _(
            "Met deze naam denken lezers dat u namens het panel of de gemeente schrijft. Kies een andere naam, of "
            "laat dit veld leeg."
        )


@dataclass(kw_only=True)
class EndorseForm(forms.Form):
    """The address of somebody who wants to support an idea and is not signed in."""

    email: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read and check the address."""
        form = cls(email=forms.email(data, "email"))
        if not forms.is_email(form.email):
            form.errors["email"] = _("Vul uw e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
        return form
