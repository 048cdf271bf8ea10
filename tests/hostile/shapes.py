"""What a page is made of, apart from the words on it: its elements, their attributes, and the text as one piece."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

NEW_EACH_TIME = {"_csrf_token", "idempotency_key", "before"}
"""Hidden fields whose value nobody can foretell."""
OUR_LINK = "nofollow ugc noopener"
POINTED_OUT = {
    *("section", "h2", "p", "ul", "li", "span", "mark", "a", "svg", "use", "form", "input", "button"),
    *("fieldset", "legend", "div", "label", "ins", "del"),
}
"""What the parts of a page are made of that tell which words to look at, to leave out, or are new in a text."""
OURS = {
    *("class", "id", "aria-labelledby", "aria-describedby", "aria-hidden", "href", "action", "method", "name", "type"),
    *("value", "for", "checked", "focusable"),
}
MAY_LEAD = re.compile(r"/moderation/ideas/[0-9]+(/(mask|looked))?|/static/[\w./-]+(\?[\w=.-]+)?#[\w-]+")
Element = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Shape:
    """The elements in their order, and all text together without any white space."""

    elements: tuple[Element, ...]
    text: str
    stray_links: tuple[str, ...]


def shape_of(source: str) -> Shape:
    """A page as a browser would build it. Paragraphs, line ends and plain links, which texts may have, are left out."""
    elements: list[Element] = []
    stray: list[str] = []
    words: list[str] = []
    page = LexborHTMLParser(source)
    stray += _pointed_out(page)
    root = page.root
    assert root is not None
    for node in root.traverse(include_text=True):
        if node.tag == "-text":
            words.append(node.text(deep=False))
        elif node.tag == "a" and node.attributes.get("rel") == OUR_LINK:
            stray += _wrong_with(node)
        elif not (node.tag in {"p", "br"} and not node.attributes):
            elements.append((node.tag or "", _attributes(node)))
    return Shape(tuple(elements), "".join(words), tuple(stray))


def _pointed_out(page: LexborHTMLParser) -> list[str]:
    """Take out what a page points out in a text, which is more in some texts than in others; what is wrong with it."""
    wrong = [mark.html or "" for mark in page.css("mark") if mark.attributes]
    for section in page.css("section.signals, fieldset:has(input[name=place]), p.difference"):
        for node in section.css("*"):
            leads = [node.attributes.get(name) or "" for name in ("href", "action") if name in node.attributes]
            known = set(node.attributes) <= OURS
            if node.tag not in POINTED_OUT or not known or not all(map(MAY_LEAD.fullmatch, leads)):
                wrong.append(node.html or "")
        section.decompose()
    for mark in page.css("mark"):
        mark.unwrap()
    return wrong


def _attributes(node: LexborNode) -> tuple[tuple[str, str], ...]:
    found = {name: value or "" for name, value in node.attributes.items()}
    if found.get("name") in NEW_EACH_TIME:
        found["value"] = "new"
    return tuple(sorted(found.items()))


def _wrong_with(node: LexborNode) -> list[str]:
    """A link made of a text leads where it says, and there alone."""
    address = node.attributes.get("href") or ""
    is_right = set(node.attributes) == {"href", "rel"} and address == node.text()
    return [] if is_right and re.match(r"https?://[^\s<>\"']", address) else [node.html or address]


def squeezed(text: str) -> str:
    """Without white space: where it falls is the page's own."""
    return "".join(text.split())
