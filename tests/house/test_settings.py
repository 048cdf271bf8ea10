"""Every setting is documented with its default, and every mistake in one ends in a sentence."""

from dataclasses import fields
from pathlib import Path

import pytest

from kernel.settings import VARIABLES, Settings, SettingsError, read_settings
from tests.house.tree import table_rows

GOOD = {"KLANKBORD_PUBLIC_URL": "https://panel.example.nl", "KLANKBORD_SECRET": "0123456789" * 4}
MISTAKES = [
    ("KLANKBORD_MODE", "staging"),
    ("DATABASE_URL", "mysql://localhost/klankbord"),
    ("KLANKBORD_PUBLIC_URL", "panel.example.nl"),
    ("KLANKBORD_PUBLIC_URL", "https://example.nl/panel"),
    ("KLANKBORD_PUBLIC_URL", "http://panel.example.nl"),
    ("KLANKBORD_SECRET", "short"),
    ("KLANKBORD_TIME_ZONE", "Europe/Waterveen"),
    ("KLANKBORD_MAIL", "pigeon:loft"),
    ("KLANKBORD_MAIL_IN", "imap://mail.example.nl"),
    ("KLANKBORD_MAIL_IN", "lmtp:0.0.0.0:24"),
    ("KLANKBORD_MAIL_IN", "maildir:var/in"),
    ("KLANKBORD_MAIL_REPLY", "antwoord@panel.example.nl"),
    ("KLANKBORD_MAIL_REPLY", "antwoord+iets@panel.example.nl"),
    ("KLANKBORD_LOG", "yaml"),
    ("KLANKBORD_RECEIPTS", "paper"),
    ("KLANKBORD_SECOND_FACTOR", "Moderator; operator"),
    ("KLANKBORD_PORT", "eighty"),
    ("KLANKBORD_PORT", "70000"),
    ("KLANKBORD_TRUSTED_PROXIES", "proxy.example.nl"),
    ("KLANKBORD_REQUESTS_PER_MINUTE", "-1"),
    ("KLANKBORD_REQUESTS_PER_MINUTE", "many"),
    ("KLANKBORD_UNDO_MINUTES", "soon"),
    ("KLANKBORD_UNDO_MINUTES", "-1"),
    ("KLANKBORD_THEME", "no/such/theme.css"),
    ("KLANKBORD_SECURITY_CONTACT", "security@example.nl"),
    ("KLANKBORD_SECURITY_CONTACT", "mailto:security@example.nl\nExpires: never"),
    ("KLANKBORD_ERASED", "no/such/folder/erased"),
    ("KLANKBORD_CLOCK", "noon"),
    ("KLANKBORD_CLOCK", "file:var/clock"),
    ("KLANKBORD_COLOUR", "blue"),
]


def test_the_document_holds_every_setting_with_its_default() -> None:
    documented = {name: default for name, default, _ in table_rows("docs/operations.md", after="## Settings")}
    defaults = {field.name: field.default for field in fields(Settings)}
    assert documented == {f"`{name}`": shown(field, defaults[field]) for field, name in VARIABLES.items()}


def shown(field: str, default: object) -> str:
    """A default as the document writes it."""
    if field == "secret":
        return "none"  # the demo's secret is refused in production
    return f"`{default}`" if default != "" else "empty"


def test_every_setting_has_a_variable() -> None:
    assert set(VARIABLES) == {field.name for field in fields(Settings)}


def test_a_good_environment_gives_settings() -> None:
    settings = read_settings(GOOD)

    assert (settings.public_url, settings.mode, settings.port) == ("https://panel.example.nl", "production", 8000)


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_a_mistake_ends_in_a_sentence_that_names_the_variable(name: str, mistake: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({**GOOD, name: mistake})

    assert caught.value.problems
    assert all(name in problem and problem.endswith(".") for problem in caught.value.problems)


@pytest.mark.parametrize(
    "tokens", ["@IMPORT 'other.css';", ":root{--a:url(//other.example/x)}", ":root{--a:\\75rl(x)}"]
)
def test_a_theme_that_loads_something_is_a_mistake(tmp_path: Path, tokens: str) -> None:
    theme = tmp_path / "theme.css"
    theme.write_text(tokens)

    with pytest.raises(SettingsError, match="KLANKBORD_THEME"):
        read_settings({**GOOD, "KLANKBORD_THEME": str(theme)})


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({**GOOD, "KLANKBORD_LOG": "yaml", "KLANKBORD_PORT": "eighty", "KLANKBORD_MODE": "staging"})

    assert len(caught.value.problems) == 3


def test_the_demo_refuses_to_listen_to_other_machines() -> None:
    with pytest.raises(SettingsError, match="KLANKBORD_HOST"):
        read_settings({"KLANKBORD_MODE": "demo", "KLANKBORD_HOST": "0.0.0.0"})  # noqa: S104 - refused
