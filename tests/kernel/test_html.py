import re
import time

import pytest

from kernel.html import MOST, MOST_SIGNS, TextTooLong, TooManySigns, clean, refusal_of


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**Let op**", "<p><strong>Let op</strong></p>"),
        ("[lees](https://waterveen.example/stuk)", '<p><a href="https://waterveen.example/stuk">lees</a></p>'),
        ("[mail](mailto:panel@waterveen.example)", '<p><a href="mailto:panel@waterveen.example">mail</a></p>'),
        ("[weg](//evil.example)", "<p><a>weg</a></p>"),
        ("[weg](/binnen)", "<p><a>weg</a></p>"),
    ],
)
def test_markdown_becomes_the_allowed_tags(markdown: str, html: str) -> None:
    assert clean(markdown).strip() == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](java\x03script:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://a.example" onclick="x()">x</a>',
        "<style>*{display:none}</style>",
        "![x](https://tracker.example/p.png)",
    ],
)
def test_nothing_that_acts_comes_through(hostile: str) -> None:
    cleaned = clean(hostile)

    for sign in (
        "<script",
        "<img",
        "<style",
        'href="javascript:',
        'href="data:',
        '" onclick',
        '<a href="https://a.example" ',
    ):
        assert sign not in cleaned


def test_a_text_too_long_to_clean_quickly_is_refused() -> None:
    clean("x" * MOST)
    with pytest.raises(TextTooLong, match="5000"):
        clean("x" * (MOST + 1))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://a@evil.example",
            "https:\\\\evil.example",
            "https:evil.example",
            "//evil.example",
            "mailto:",
            "http://[",
            "HTTPS:///x",
        ),
        *(
            "java&Tab;script:alert(1)",
            "vbscript:x",
            "ftp://a.example",
            "/binnen",
            "#hier",
            "https://a.example\\@evil.example",
        ),
    ],
)
def test_a_link_goes_to_a_whole_address_without_tricks_or_nowhere(address: str) -> None:
    for markdown in (f"[weg]({address})", f"[weg](<{address}>)", f"<{address}>"):
        assert not re.findall(r'href="(?!https?://[^@"\\]+"|mailto:[^"]+@)', clean(markdown)), markdown


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<b>",
            "&",
            "[",
            "![",
            "*",
            "**a",
            "_a_ ",
            "`",
            "> ",
            "- ",
            "1. ",
            "# a\n",
            "\\",
            "<",
            "[a][b]",
            "\n\n",
            "- a\n  ",
            "***",
        ),
        *(
            "<http://a.nl>",
            "[a](<",
            "](",
            "* a\n\n\t",
            "a  \n",
            "1) a\n",
            "**[a](http://b.nl)** ",
            "*a **b ",
            "[a]: http://x\n",
            "[a](http://b.nl) ",
        ),
        *("a", "&amp;", "~~~\n", "<!--", "\n> ", ">", "\t"),
    ],
)
def test_the_longest_text_of_the_worst_kind_takes_less_than_fifty_milliseconds(piece: str) -> None:
    markdown = piece * (MOST // len(piece))
    while refusal_of(markdown):
        markdown = markdown[: len(markdown) * 97 // 100]
    markdown += "x" * (MOST - len(markdown))
    taken: list[float] = []
    while len(taken) < 5 or (min(taken) >= 0.05 and len(taken) < 50):  # others on the machine make some of them slow
        began = time.process_time()
        clean(markdown)
        taken.append(time.process_time() - began)

    assert min(taken) < 0.05


def test_too_much_markup_is_refused_before_it_takes_time() -> None:
    with pytest.raises(TooManySigns, match=str(MOST_SIGNS)):
        clean("*a" * (MOST_SIGNS + 1))
    assert "<li>" in clean("- punt\n" * 150)
