"""The frame of a page: what the browser may do with it, and how it looks on a light and a dark screen and on paper."""

import re

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content security policy: should anything get past the sanitiser, it cannot run, load or send."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that HTML or UTF-8 cannot hold."""

LIGHT = {
    "page": "#ffffff",
    "panel": "#f6f8fa",
    "ink": "#1b1f24",
    "quiet": "#57606a",
    "line": "#d0d7de",
    "link": "#0550ae",
    "fault": "#b3261e",
    "word": "#8250df",
    "text": "#0a5c2f",
    "number": "#953800",
}
DARK = {
    "page": "#15181d",
    "panel": "#1f242b",
    "ink": "#e6e9ed",
    "quiet": "#a2abb6",
    "line": "#3a424d",
    "link": "#79b8ff",
    "fault": "#ff9d94",
    "word": "#cda8ff",
    "text": "#8fd6a5",
    "number": "#ffb77a",
}
"""Colours; every one but `line` is text on `page` and on `panel`, with a contrast of at least 4.5 to 1."""

STYLE = """
*{box-sizing:border-box}
html{background:var(--page);color:var(--ink);font:16px/1.55 system-ui,sans-serif;scroll-padding-top:1rem}
body{max-width:60rem;margin:0 auto;padding:1.5rem 1.25rem 4rem;overflow-wrap:break-word}
a{color:var(--link)}
h1{font-size:1.7rem;line-height:1.2;margin:0}
h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}
h3,h4,h5,h6{font-size:1.05rem;margin:1.4rem 0 .4rem}
h3{font-size:1.15rem}
p{margin:.6rem 0}
code,pre,.label{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.87em}
h2 code{font-size:1em}
.who,.note,.label,.aside{color:var(--quiet)}
.who{margin:.3rem 0 0}
.total{font-size:1.25rem;margin:1rem 0 1.25rem}
.total strong{font-size:2.1rem;line-height:1}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static}
table{border-collapse:collapse;margin:.8rem 0;display:block;max-width:100%;overflow-x:auto}
th,td{padding:.3rem .9rem .3rem 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
td[align=right],th[align=right],.n{text-align:right}
td[align=center],th[align=center]{text-align:center}
nav table{display:table;width:100%}
nav tfoot th,nav tfoot td{border-bottom:0;font-weight:700}
nav caption{text-align:left;color:var(--quiet)}
.verdicts{list-style:none;margin:.8rem 0;padding:0}
.verdicts>li{margin:.7rem 0;break-inside:avoid}
.cell{margin:1rem 0;contain:paint}
.cell img{max-width:100%;height:auto;background:#fff}
.cell pre{margin:0;padding:.6rem .8rem;overflow:auto;line-height:1.45;tab-size:4}
.highlight,.cell>pre{background:var(--panel);border-radius:.3rem}
.cell blockquote{margin:.8rem 0;padding-left:1rem;border-left:.2rem solid var(--line)}
.cell details pre,.cell li pre{background:var(--panel)}
.output{margin:.35rem 0 0 .8rem;padding-left:.8rem;border-left:.2rem solid var(--line)}
.output pre{padding:.2rem 0;max-height:36rem}
.label{margin:.2rem 0;letter-spacing:.04em}
.error pre,.stderr pre{color:var(--fault)}
.told{margin:.35rem 0 0 .8rem}
.note{font-style:italic}
.highlight .k,.highlight .kn,.highlight .kc,.highlight .kd,.highlight .ow,.highlight .nd{color:var(--word)}
.highlight .s1,.highlight .s2,.highlight .sd,.highlight .sa,.highlight .si,.highlight .se{color:var(--text)}
.highlight .mi,.highlight .mf,.highlight .mh,.highlight .nf,.highlight .nc{color:var(--number)}
.highlight .c,.highlight .c1,.highlight .ch{color:var(--quiet);font-style:italic}
.highlight .err{color:var(--fault)}
.highlight .linenos{color:var(--quiet);user-select:none;padding-right:1em}
@media print{body{max-width:none;padding:0}.cell pre{max-height:none;white-space:pre-wrap}a{color:inherit}}
"""


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())


def page(title: str, body: str) -> str:
    """Return a whole page.

    Args:
        title: as plain HTML text.
        body: what stands in `<body>`.
    """
    # Paper stays light: the dark colours are for screens alone.
    style = (
        f":root{{color-scheme:light;{_variables(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{_variables(DARK)}}}}}{STYLE}"
    )
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
