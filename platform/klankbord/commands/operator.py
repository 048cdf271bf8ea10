"""`klankbord operator` and `klankbord roles`: the very first operator, their way back, and who holds which task."""

import asyncio

import click

from accounts import people, roles, second_factor
from accounts.states import Role
from kernel import forms
from kernel.errors import NotFound
from klankbord.commands.opened import installation, settings_or_exit
from klankbord.trace.witness import on_command
from panels import queries

LISTED = tuple(role for role in reversed(Role) if role not in {Role.RESIDENT, Role.BLOCKED, Role.MEMBER})


@click.group()
def operator() -> None:
    """Operators: who set up panels and give tasks."""


@operator.command("add")
@click.argument("email")
@click.option("--name", default="", help="The name shown beside what this person does.")
def add_operator(email: str, name: str) -> None:
    """Let the person with this e-mail address set up the site.

    The person then asks for a link at /sign-in and finds /desk/set-up. Adding somebody twice changes nothing.
    """
    click.echo(asyncio.run(_add(forms.email({"email": email}, "email"), forms.line({"name": name}, "name")[:80])))


@operator.command("reset-second-factor")
@click.argument("email")
@click.option("--reason", required=True, help="Why, and how you know whom you spoke to. Kept, and told to this person.")
def reset_second_factor(email: str, reason: str) -> None:
    """Take the second factor of the person with this e-mail address away.

    For whoever lost the phone and the recovery codes, when no other operator can do it at /desk/set-up/second-factors.
    The person is signed out everywhere, hears of it, and sets up another one at the next sign-in.
    """
    click.echo(asyncio.run(_reset(forms.email({"email": email}, "email"), forms.text({"reason": reason}, "reason"))))


@click.command("roles")
def show_roles() -> None:
    """List who holds which role, and for which panel. Members of panels are not listed."""
    click.echo(asyncio.run(_roles()))


async def _add(email: str, name: str) -> str:
    if not forms.is_email(email):
        raise click.ClickException(f"{email!r} is not one e-mail address.")
    async with installation(settings_or_exit()) as opened, opened.database.write() as tx:
        now = opened.clock.now()
        person = await people.meet(tx, email=email, name=name, now=now)
        person.name = person.name or name
        await roles.grant(tx, person=person, role=Role.OPERATOR, now=now)
        return f"{person.email} is an operator. Sign in at {opened.settings.absolute('/sign-in?next=/desk/set-up')}"


async def _reset(email: str, reason: str) -> str:
    if not reason:
        raise click.ClickException("Say why: --reason is kept, and told to this person.")
    async with installation(settings_or_exit()) as opened, opened.database.write() as tx:
        person = await people.by_email(tx, email)
        if person is None:
            raise click.ClickException(f"Nobody here has the address {email!r}.")
        try:
            await second_factor.reset(tx, person=person, by=None, reason=reason, now=opened.clock.now())
        except NotFound:
            raise click.ClickException(f"{person.email} has no second factor.") from None
        return f"{person.email} has no second factor any more, and is signed out everywhere."


async def _roles() -> str:
    async with installation(settings_or_exit()) as opened, opened.database.read() as db:
        await on_command(opened.database, "people", command="roles", now=opened.clock.now())
        slugs = {panel.id: panel.slug for panel in await queries.panels(db)}
        rows = [
            f"{role.value:<13} {'everything' if panel_id is None else slugs[panel_id]:<30} {person.email} {person.name}"
            for role, panel_id, person in await roles.held(db, among=LISTED)
        ]
        return (
            "\n".join(row.rstrip() for row in rows) or "Nobody holds a role. Begin with: klankbord operator add EMAIL"
        )
