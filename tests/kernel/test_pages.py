import re

from markupsafe import Markup, escape

from kernel.pages import FormInputs

CSRF = Markup('<input type="hidden" name="_csrf_token" value="x">')


def keys(*printed: str) -> list[str]:
    """The keys in these fields."""
    return [key for one in printed for key in re.findall(r'name="idempotency_key" value="([^"]*)"', one)]


def test_each_form_printed_gets_a_key_of_its_own_beside_the_field_against_forgery() -> None:
    inputs = FormInputs(CSRF, key=None, path="/ideas/new")

    printed = [str(inputs("/ideas/new")), str(inputs()), str(escape(inputs))]

    assert len(set(keys(*printed))) == 3
    assert all(one.startswith(CSRF) for one in printed)


def test_one_form_carries_on_the_key_that_was_sent_to_its_address() -> None:
    inputs = FormInputs(CSRF, key="sent-before", path="/ideas/new")

    printed = keys(inputs("/sign-out"), inputs("/ideas/new?send=1"), inputs("/ideas/new"))

    assert [key == "sent-before" for key in printed] == [False, True, False]


def test_a_key_is_text_and_never_markup() -> None:
    inputs = FormInputs(CSRF, key='"><script>alert(1)</script>', path="/x")

    assert "<script>" not in inputs("/x")
