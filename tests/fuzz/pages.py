"""The forms and links of a page, with everything that each field may be given."""

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass
class FormOnPage:
    """A form as it stands there: where it goes, what it would send now, and what else could be chosen."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # of each input, as its `type`
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, an address of its own


def forms_on(text: str) -> list[FormOnPage]:
    """Every form of a page."""
    return [_form(node) for node in LexborHTMLParser(text).css("form")]


def links_on(text: str) -> list[str]:
    """Where the page leads to, on this site."""
    found = [node.attributes.get("href") or "" for node in LexborHTMLParser(text).css("a[href]")]
    return [link.partition("#")[0] for link in found if link.startswith("/") and not link.startswith("//")]


def _form(node: LexborNode) -> FormOnPage:
    form = FormOnPage(node.attributes.get("action") or "", (node.attributes.get("method") or "get").upper())
    for control in node.css("input[name], textarea[name], select[name], button"):
        _take(form, control)
    return form


def _take(form: FormOnPage, control: LexborNode) -> None:
    has = control.attributes
    name, value, kind = has.get("name") or "", has.get("value") or "", has.get("type") or ""
    if control.tag == "button":
        form.buttons.append((name, value, has.get("formaction") or ""))
    elif control.tag == "textarea":
        form.fields.append((name, control.text()))
    elif control.tag == "select":
        options = [(one.attributes.get("value") or "", "selected" in one.attributes) for one in control.css("option")]
        form.choices[name] = [option for option, _ in options]
        chosen = [option for option, is_chosen in options if is_chosen] or form.choices[name][:1]
        form.fields += [(name, option) for option in chosen]
    elif kind in {"checkbox", "radio"}:
        form.choices.setdefault(name, []).append(value or "on")
        if "checked" in has:
            form.fields.append((name, value or "on"))
    else:
        form.kinds[name] = kind
        form.fields.append((name, value))
