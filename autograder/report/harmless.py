"""What a student wrote as HTML or Markdown, made harmless: an allow-list of tags and attributes; nothing loads or runs.

Left out are all scripts, styles, forms, frames, drawings, addresses of files, and every `class`, `id` and `style`:
without these nothing of a student's can look like the page's own verdicts, stand over them, or be reached by its links.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TAGS = frozenset(
    {
        *("h3", "h4", "h5", "h6", "p", "div", "blockquote", "pre", "hr", "br", "details", "summary"),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
        *("a", "abbr", "b", "code", "del", "em", "i", "img", "ins", "kbd", "q", "s", "samp", "small", "span"),
        *("strong", "sub", "sup", "u", "var"),
    }
)

ATTRIBUTES = {
    "abbr": {"title"},
    "img": {"alt"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
"""Those whose value may be anything; addresses are looked at more closely."""

ADDRESSES = {
    "href": re.compile(r"(?:https?://|mailto:)[^\s<>\"']+", re.IGNORECASE),
    "src": re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+"),
}
"""What a link may lead to and what a picture may be: an address relative to the page means nothing where it is read."""

INVISIBLE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
"""Elements of which not even the text is shown. For looks only: what this misses becomes text, and nothing else."""

ATTACHED_LIMIT = 500_000
"""Characters in base64 of all the attached pictures that a text shows: one can be shown a thousand times."""

RENDERED_LIMIT = 700_000
"""Characters of HTML that a text may become: it can refer a thousand times to one long address."""

NO_PICTURE = "[a picture that the page may not load]"


def harmless(html: str) -> str:
    """Return HTML of which only harmless elements and attributes are left, every element closed."""
    cleaner = Cleaner(
        tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, strip=True, filters=[_Finish]
    )
    return str(cleaner.clean(INVISIBLE.sub("", html)))


def _allowed(tag: str, name: str, value: str) -> bool:
    if (tag, name) in (("a", "href"), ("img", "src")):
        return ADDRESSES[name].fullmatch(value) is not None
    return name in ATTRIBUTES.get(tag, ())


class _Finish(Filter):
    """Keep links from telling where they were followed, and say where a picture is missing."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if token.get("name") == "a" and token["type"] == "StartTag":
                token["data"][(None, "rel")] = "noopener noreferrer"
            if token.get("name") == "img" and (None, "src") not in token["data"]:
                yield {"type": "Characters", "data": NO_PICTURE}
            else:
                yield token


def prose(markdown: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return Markdown as harmless HTML; its formulas stay in LaTeX, since the page runs nothing that could set them.

    Args:
        markdown: the text, which may hold HTML.
        attachments: file name to MIME type to data, as a Markdown cell keeps its pictures.
    """
    renderer = _Prose(escape=False, attachments={name: dict(data) for name, data in (attachments or {}).items()})
    return harmless(MarkdownWithMath(renderer).render(markdown)[:RENDERED_LIMIT])


class _Prose(IPythonRenderer):
    """Markdown as nbconvert reads it, below the page's own headings and without anything that needs a style."""

    left = ATTACHED_LIMIT

    def heading(self, text: str, level: int, **_: Any) -> str:
        level = min(level + 2, 6)
        return f"<h{level}>{text}</h{level}>\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{escape(code)}</code></pre>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag = "th" if head else "td"
        return f'<{tag} align="{align or "left"}">{text}</{tag}>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith("attachment:"):
            data = self.attachments.get(url.removeprefix("attachment:"), {})
            self.left -= sum(map(len, data.values()))
            if not data or self.left < 0:
                return NO_PICTURE
        return str(super().image(text, url, title))

    def inline_math(self, body: str) -> str:
        return f"<code>{escape(body)}</code>"

    def block_math(self, body: str) -> str:
        return f"<code>{escape(body.strip())}</code>"

    def latex_environment(self, name: str, body: str) -> str:
        return f"<code>{escape(body.strip())}</code>"
