"""A letter that comes in is read whatever is in it."""

from email.message import EmailMessage
from time import process_time

import pytest

from conversations.mail_in import LARGEST, read
from conversations.states import Fate

TO = "antwoord+12.abcdefghijklmnopqrstuvwx@waterveen.example"


def a_letter(text: str = "Bij de sluis.", **headers: str) -> EmailMessage:
    """An answer as a person's program writes it."""
    letter = EmailMessage()
    for name, value in {
        "From": "Aaltje <aaltje@waterveen.example>",
        "To": TO,
        "Message-ID": "<1@x>",
        **headers,
    }.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter


def test_an_answer_says_from_whom_to_whom_and_what() -> None:
    found = read(a_letter().as_bytes())

    assert (found.sender, found.recipients, found.text, found.problem) == (
        "aaltje@waterveen.example",
        (TO,),
        "Bij de sluis.",
        None,
    )


def test_the_envelope_says_for_whom_it_is() -> None:
    assert read(a_letter(To="undisclosed@x.nl").as_bytes(), recipients=[TO]).recipients == (TO,)


def test_the_same_letter_along_another_way_is_the_same() -> None:
    one, other = a_letter(), a_letter()
    other["Received"] = "from elsewhere"

    assert read(one.as_bytes()).fingerprint == read(other.as_bytes()).fingerprint
    assert read(one.as_bytes()).fingerprint != read(a_letter("Anders.").as_bytes()).fingerprint


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "Auto-Generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "AUTO_REPLY"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<buurt.example>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@waterveen.example"},
        {"From": "noreply@waterveen.example"},
        {"From": ""},
    ],
)
def test_no_machine_gives_an_answer(headers: dict[str, str]) -> None:
    assert read(a_letter(**headers).as_bytes()).problem is Fate.AUTOMATIC


def test_who_answers_a_letter_that_was_not_automatic_is_a_person() -> None:
    assert read(a_letter(Auto_Submitted="no").as_bytes()).problem is None


def test_no_answer_goes_where_none_may_be_sent() -> None:
    assert read(a_letter().as_bytes(), envelope_sender="").problem is Fate.AUTOMATIC


def test_a_report_of_a_mail_server_and_a_letter_that_goes_round_are_no_answers() -> None:
    report = b'From: a@b.nl\r\nContent-Type: multipart/report; boundary="x"\r\n\r\n--x\r\n\r\nhallo\r\n--x--\r\n'
    round_ = b"Received: by x\r\n" * 60 + a_letter().as_bytes()

    assert [read(one).problem for one in (report, round_)] == [Fate.AUTOMATIC, Fate.AUTOMATIC]


CHARSETS = {
    "latin-1": b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nCaf\xe9",
    "none at all": b"\r\nCaf\xc3\xa9",
    "a lie": b"Content-Type: text/plain; charset=utf-8\r\n\r\nCaf\xe9",
    "none that there is": b"Content-Type: text/plain; charset=klingon\r\n\r\nCaf\xc3\xa9",
    "no text at all": b"Content-Type: text/plain; charset=base64_codec\r\n\r\nCaf\xc3\xa9",
    "quoted": b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCaf=C3=A9",
    "base64": b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nQ2Fmw6k=",
}


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_text_is_read_in_whatever_it_was_written(charset: str) -> None:
    assert read(b"From: a@b.nl\r\n" + CHARSETS[charset]).text == "Café"


def test_a_letter_in_html_alone_is_read_as_words_without_the_quoted_part() -> None:
    letter = a_letter()
    letter.set_content(
        "<html><head><title>x</title><style>p{}</style></head><body><p>Bij de <b>sluis</b>.<script>kwaad()</script></p>"
        "<blockquote><p>Waar?</p></blockquote></body></html>",
        subtype="html",
    )

    assert read(letter.as_bytes()).text == "Bij de sluis."


def test_the_text_goes_before_html_and_attachments_are_passed_over() -> None:
    letter = a_letter()
    letter.add_alternative("<p>Anders</p>", subtype="html")
    letter.add_attachment("Bijlage", filename="a.txt")

    assert read(letter.as_bytes()).text == "Bij de sluis."


def test_unseen_characters_go() -> None:
    assert read(a_letter("Bij\u202e de\u0000 sluis.\u200b").as_bytes()).text == "Bij de sluis."


def nested(deep: int) -> bytes:
    """A letter within a letter within a letter."""
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(deep))
    return b"From: a@b.nl\r\n" + head + b"\r\nhallo\r\n"


HOSTILE = {
    "nothing": b"",
    "nulls": b"\x00" * 10_000,
    "no headers": b"hallo",
    "a thousand deep": nested(1_000) + b"a\r\n" * 300_000,
    "ten thousand parts": b'From: a@b.nl\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    + b"--x\r\n\r\na\r\n" * 10_000,
    "a hundred thousand headers": b"X-A: b\r\n" * 100_000 + b"\r\nhallo",
    "a header without end": b"From: " + b"a" * 900_000,
    "broken words": b"From: =?utf-8?b?////?= <a@b.nl>\r\nSubject: =?x?q?=?=\r\n\r\nhallo",
    "ten thousand receivers": b"From: a@b.nl\r\nTo: " + b"a@b.nl, " * 10_000 + b"\r\n\r\nhallo",
    "open brackets": b"From: a@b.nl\r\nTo: " + b"(" * 50_000 + b"\r\n\r\nhallo",
    "tags": b"From: a@b.nl\r\nContent-Type: text/html\r\n\r\n" + b"<b" * 200_000,
    "quoted blocks": b"From: a@b.nl\r\nContent-Type: text/html\r\n\r\n" + b"<blockquote>" * 50_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_letter_breaks_the_reader_or_keeps_it_busy(kind: str) -> None:
    began = process_time()
    found = read(HOSTILE[kind])

    assert len(found.fingerprint) == 64
    assert len(found.text) <= 60_000
    assert process_time() - began < 3


def test_a_letter_that_is_too_large_is_not_read_to_the_end() -> None:
    found = read(a_letter().as_bytes() + b"x" * LARGEST)

    assert (found.problem, found.sender) == (Fate.TOO_LONG, "aaltje@waterveen.example")
