"""The completion report as a page of its own: the Markdown that hikeshi writes, and no more of it.

Headings, paragraphs, lists, quotations and tables at the start of a line; inside a line everything is
text. What people and posters wrote therefore cannot become structure, markup or a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

_BLOCKS = (("# ", "h1"), ("## ", "h2"), ("### ", "h3"), ("- ", "li"), ("> ", "quote"), ("|", "row"))

_STYLE = """
body{margin:0 auto;max-width:46rem;padding:1.5rem;color:#1b1f24;background:#fff;
font:16px/1.7 system-ui,"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP","Yu Gothic UI",sans-serif}
h1{font-size:1.5rem;line-height:1.4}
h2{font-size:1.15rem;margin:1.6rem 0 .4rem;border-bottom:1px solid #57606a}
h3{font-size:1rem;margin:1rem 0 .2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{border:1px solid #57606a;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f6f7f9}td:first-child{min-width:7.5em}
blockquote{margin:.4rem 0;padding:.3rem .9rem;border-left:3px solid #57606a}
p,li{overflow-wrap:anywhere}
@page{size:A4;margin:18mm}@media print{body{max-width:none;padding:0;font-size:10.5pt}
h2,h3{break-after:avoid}tr,li,blockquote{break-inside:avoid}}
"""


def page_of(markdown: str, *, title: str, language: str) -> bytes:
    """Return a standalone page, ready to print: no script, nothing loaded."""
    html = (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{html_of(markdown)}</main>\n</body>\n</html>\n"
    )
    return html.encode()


def html_of(markdown: str) -> str:
    """Return the body of a report as HTML."""
    lines = [(_kind(line), line) for line in markdown.splitlines()]
    blocks = groupby(lines, key=lambda line: line[0])
    return "".join(_block(kind, [text for _, text in members]) for kind, members in blocks)


def one_cell(text: str) -> str:
    """Return outside text as it may stand in a line or table cell of a report."""
    return " ".join(text.split()).replace("|", "｜")


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    for mark, kind in _BLOCKS:
        if line.startswith(mark):
            return kind
    return "text"


def _block(kind: str, lines: list[str]) -> str:
    match kind:
        case "blank":
            return ""
        case "h1" | "h2" | "h3":
            return "".join(f"<{kind}>{escape(line.lstrip('# '))}</{kind}>\n" for line in lines)
        case "li":
            return "<ul>\n" + "".join(f"<li>{escape(line[2:])}</li>\n" for line in lines) + "</ul>\n"
        case "quote":
            return "<blockquote>" + "<br>".join(escape(line[2:]) for line in lines) + "</blockquote>\n"
        case "row":
            return "<table>\n" + "".join(_rows(lines)) + "</table>\n"
        case _:
            return "<p>" + "<br>".join(escape(line) for line in lines) + "</p>\n"


def _rows(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if number == 1 and all(cell.strip("-") == "" for cell in cells):
            continue
        tag = '<th scope="col">' if number == 0 else "<td>"
        closing = "</th>" if number == 0 else "</td>"
        yield "<tr>" + "".join(f"{tag}{escape(cell)}{closing}" for cell in cells) + "</tr>\n"
