"""Begin to follow, change how often, stop."""

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from accounts import people
from accounts.access import known
from accounts.inject import Actor, let_in
from accounts.models import Person
from kernel import tokens
from kernel.db import ReadSession
from kernel.errors import LinkSpent, NotFound
from kernel.i18n import gettext as _
from kernel.i18n import language
from kernel.inject import Asked, Config, Db, FormData, Now, Tx
from notify import outbox, subscriptions, work_letters
from notify.forms import FollowForm, RhythmForm, cadence_options, hour_options, weekday_options
from notify.models import Message
from notify.pages import FollowAskedPage, FollowConfirmPage, Followed, FollowingPage, FollowPage
from notify.states import Cadence, Topic
from notify.texts.joining import FOLLOW


async def _follow_page(db: ReadSession, form: FollowForm) -> FollowPage:
    """Raises NotFound when there is nothing public to follow."""
    if form.kind is None:
        raise NotFound
    title, path = await subscriptions.title_of(db, topic=form.kind, topic_id=form.topic_id)
    return FollowPage(
        form=form,
        title=title,
        path=path,
        cadences=cadence_options(),
        hours=hour_options(),
        weekdays=weekday_options(),
    )


class Follow(Controller):
    """Beginning to follow something."""

    path = "/follow"

    @get(name="subscription.new")
    async def new(self, db: Db, request: Asked) -> Template:
        """The form, for what the address names."""
        return (await _follow_page(db, FollowForm.parse_for(request.query_params, needs_email=False))).response()

    @post(name="subscription.follow", status_code=303)
    async def follow(self, tx: Tx, data: FormData, actor: Actor, settings: Config, now: Now) -> Template | Redirect:
        """At once for who is signed in; anybody else gets a letter with a link."""
        form = FollowForm.parse_for(data, needs_email=not actor.is_signed_in)
        page = await _follow_page(tx, form)
        if form.errors or form.kind is None:
            return page.response(422)
        if actor.person_id is not None:
            await subscriptions.follow(
                tx,
                person_id=actor.person_id,
                topic=form.kind,
                topic_id=form.topic_id,
                cadence=form.cadence,
                hour=form.hour,
                weekday=form.weekday,
                zone=settings.zone,
                now=now,
            )
            return Redirect("/following", status_code=303)
        person = await people.meet(tx, email=form.email, language=language(), now=now)
        chosen = {
            "topic": form.kind.value,
            "topic_id": form.topic_id,
            "cadence": form.cadence.value,
            "hour": form.hour,
            "weekday": form.weekday,
        }
        key = ":".join(["follow_confirm", str(person.id), *map(str, chosen.values()), f"{now:%Y%m%d}"])
        await outbox.enqueue(
            tx, dedup_key=key, person_id=person.id, template="follow_confirm", due_at=now, facts=chosen, now=now
        )
        return Redirect("/follow/asked", status_code=303)

    @get("/asked", name="subscription.asked")
    async def asked(self) -> Template:
        """A letter is on its way, whether or not the address is known."""
        return FollowAskedPage().response()

    @get("/{secret:str}", name="subscription.confirm_look")
    async def look(self, db: Db, secret: FromPath[str], now: Now) -> Template:
        """The page behind the link; it takes a press of the button."""
        chosen = await _chosen(db, (await tokens.find(db, purpose=FOLLOW, secret=secret, now=now)).subject_id)
        title, _path = await subscriptions.title_of(
            db, topic=Topic(chosen.facts["topic"]), topic_id=chosen.facts["topic_id"]
        )
        return FollowConfirmPage(secret=secret, title=title).response()

    @post("/{secret:str}", name="subscription.confirm", status_code=303)
    async def confirm(self, tx: Tx, secret: FromPath[str], request: Asked, settings: Config, now: Now) -> Redirect:
        """The address is theirs: follow, and go on as a resident who is signed in."""
        token = await tokens.consume(tx, purpose=FOLLOW, secret=secret, now=now)
        chosen = await _chosen(tx, token.subject_id)
        person = await tx.get_one(Person, chosen.person_id)
        await people.confirm(tx, person=person, now=now)
        await subscriptions.follow(
            tx,
            person_id=person.id,
            topic=Topic(chosen.facts["topic"]),
            topic_id=chosen.facts["topic_id"],
            cadence=Cadence(chosen.facts["cadence"]),
            hour=chosen.facts["hour"],
            weekday=chosen.facts["weekday"],
            zone=settings.zone,
            now=now,
        )
        answer = Redirect("/following", status_code=303)
        await let_in(tx, answer, request, person_id=person.id, settings=settings, now=now)
        return answer


async def _chosen(db: ReadSession, message_id: int) -> Message:
    message = await db.get(Message, message_id)
    if message is None:
        raise LinkSpent
    return message


class Following(Controller):
    """What somebody follows."""

    path = "/following"

    @get(name="subscription.index")
    async def index(self, db: Db, actor: Actor) -> Template:
        """Everything the reader follows."""
        return (await _following_page(db, known(actor), {})).response()

    @post("/{subscription_id:int}", name="subscription.change", status_code=303)
    async def change(
        self, tx: Tx, data: FormData, subscription_id: FromPath[int], actor: Actor, settings: Config, now: Now
    ) -> Template | Redirect:
        """Another cadence, hour or day."""
        mine = await subscriptions.own(tx, person_id=known(actor), subscription_id=subscription_id)
        form = RhythmForm.parse(data)
        if form.errors:
            return (await _following_page(tx, known(actor), form.errors)).response(422)
        await subscriptions.change(
            tx,
            subscription=mine,
            cadence=form.cadence,
            hour=form.hour,
            weekday=form.weekday,
            zone=settings.zone,
            now=now,
        )
        return Redirect("/following", status_code=303)

    @post("/{subscription_id:int}/stop", name="subscription.unfollow", status_code=303)
    async def stop(self, tx: Tx, subscription_id: FromPath[int], actor: Actor) -> Redirect:
        """No longer follow it."""
        mine = await subscriptions.own(tx, person_id=known(actor), subscription_id=subscription_id)
        if work_letters.is_work(mine):
            mine.cadence = Cadence.NOTHING  # without a choice they would hear again
        else:
            await subscriptions.unfollow(tx, person_id=known(actor), subscription_id=subscription_id)
        return Redirect("/following", status_code=303)


async def _following_page(db: ReadSession, person_id: int, errors: dict[str, str]) -> FollowingPage:
    followed: list[Followed] = []
    for one in await subscriptions.of_person(db, person_id=person_id):
        if one.topic is Topic.IDEA and one.topic_id == 0:
            title, path = _("Nieuws over uw eigen ideeën"), ""
        elif work_letters.is_work(one):
            title, path = _("Werk dat op u wacht als moderator"), "/moderation"
        else:
            try:
                title, path = await subscriptions.title_of(db, topic=one.topic, topic_id=one.topic_id)
            except NotFound:
                title, path = _("Dit is niet meer openbaar"), ""
        followed.append(Followed(subscription=one, title=title, path=path))
    return FollowingPage(
        followed=followed,
        cadences=cadence_options(with_nothing=True),
        hours=hour_options(),
        weekdays=weekday_options(),
        errors=errors,
    )
