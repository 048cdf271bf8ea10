"""`klankbord operator` and `klankbord roles`: the very first operator, and who holds which task."""

import asyncio

import click

from accounts import people, roles
from accounts.states import Role
from kernel import forms
from klankbord.commands.opened import installation, settings_or_exit
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


async def _roles() -> str:
    async with installation(settings_or_exit()) as opened, opened.database.read() as db:
        slugs = {panel.id: panel.slug for panel in await queries.panels(db)}
        rows = [
            f"{role.value:<13} {'everything' if panel_id is None else slugs[panel_id]:<30} {person.email} {person.name}"
            for role, panel_id, person in await roles.held(db, among=LISTED)
        ]
        return (
            "\n".join(row.rstrip() for row in rows) or "Nobody holds a role. Begin with: klankbord operator add EMAIL"
        )
