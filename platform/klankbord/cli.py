"""The `klankbord` command. `klankbord --help` reads like a manual page; mistakes end in one sentence.

A command's module is loaded when that command is asked for, so that help and small commands come at once.
"""

from importlib import import_module

import click

SITE = "The site"
WORK = "What people do on it, from here"
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    SITE: {
        "serve": ("site:serve", "Run the site until it is stopped."),
        "migrate": ("site:migrate", "Bring the database to the newest schema."),
        "doctor": ("doctor:doctor", "Look for what is not in order, and say so."),
        "demo": ("demo:demo", "Try it: a made-up municipality on this machine."),
        "operator": ("operator:operator", "Let somebody set up panels and give tasks."),
        "roles": ("operator:show_roles", "List who holds which role."),
        "audit": ("audit:audit", "Look whether the trail of facts is whole, and who read what."),
    },
    WORK: {
        "ideas": ("ideas:ideas", "Read a consultation's ideas from a file, or write them to one."),
        "signals": ("signals:signals", "See what is pointed out to moderators in a text."),
        "themes": ("themes:themes", "Group the ideas of a consultation into themes."),
        "agenda": ("panels:agenda", "Show the agenda of a meeting."),
        "briefing": ("panels:briefing", "Send members what they read before a meeting."),
        "digests": ("panels:digests", "Send followers their news."),
        "report": ("report:report", "Tell what was kept from the public in a year, and why."),
    },
}
COMMANDS = {name: place for commands in SECTIONS.values() for name, (place, _) in commands.items()}


class Commands(click.Group):
    """The commands by section, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in the order of a manual."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the one that is asked for."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"klankbord.commands.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run it; a mistake in how it was written is told in one sentence, without the usage above it."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            error.ctx = None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections, without loading any."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, told) for name, (_, told) in commands.items()])


EPILOG = """\
`klankbord COMMAND --help` says what each command takes. Mistakes end in one sentence on standard error and exit
code 1; mistakes in the settings or in how a command was written end with 2.

\b
To begin:
  klankbord demo                             a sample to look at, or
  klankbord migrate && klankbord serve       a site of your own
"""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG)
@click.version_option(package_name="klankbord", message="klankbord %(version)s")
def main() -> None:
    """Klankbord: the online front door of a running citizens' panel.

    Everything is kept in one database, DATABASE_URL, by default the file var/klankbord.db. All settings come from
    the environment (KLANKBORD_…); docs/operations.md lists them with their defaults.
    """
