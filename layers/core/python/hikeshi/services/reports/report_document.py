"""The completion report as a page of its own, ready to print on A4: no script, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.report_blocks import CURVE, HEIGHT, SHARES, WIDTH, Block, blocks_of

_STYLE = """
body{margin:0 auto;max-width:46rem;padding:1.5rem;color:#1b1f24;background:#fff;
font:16px/1.7 system-ui,"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP","Yu Gothic UI",sans-serif}
h1{font-size:1.5rem;line-height:1.4;border-bottom:3px solid #1f5fae;padding-bottom:.4rem}
h2{font-size:1.2rem;margin:2rem 0 .6rem;border-bottom:1px solid #57606a}
h3{font-size:1rem;margin:1.2rem 0 .2rem}
table{border-collapse:collapse;width:100%;margin:.4rem 0;font-variant-numeric:tabular-nums}
th,td{border:1px solid #8b949e;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f6f7f9;overflow-wrap:break-word;word-break:keep-all}td:first-child{min-width:7.5em}
@media(max-width:32em){body{padding:1rem}th,td{padding:.3rem .4rem}td:first-child{min-width:5em}}
blockquote{margin:.4rem 0;padding:.3rem .9rem;border-left:3px solid #8b949e}
p,li{overflow-wrap:anywhere}
figure{margin:.6rem 0}svg{display:block;width:100%;fill:#1f5fae}
svg.curve{height:9rem;border-bottom:2px solid #57606a}svg.share{height:.8rem;min-width:6rem}
figcaption{display:flex;justify-content:space-between;font-size:.85rem;color:#4d5660}
@page{size:A4;margin:18mm}@media print{body{max-width:none;padding:0;font-size:10.5pt}
h2,h3{break-after:avoid}tr,li,p,blockquote,figure{break-inside:avoid}thead{display:table-header-group}
svg,th{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def page_of(markdown: str, *, title: str, words: Wording) -> bytes:
    """Return a standalone page."""
    html = (
        f'<!doctype html>\n<html lang="{escape(words.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{html_of(markdown, words)}</main>\n</body>\n</html>\n"
    )
    return html.encode()


def html_of(markdown: str, words: Wording) -> str:
    """Return the body of a report as HTML."""
    return "".join(_html(block, words) for block in blocks_of(markdown))


def _html(block: Block, words: Wording) -> str:
    lines = [escape(line) for line in block.lines]
    match block.kind:
        case "h1" | "h2" | "h3":
            return f"<{block.kind}>{lines[0]}</{block.kind}>\n"
        case "ul":
            return "<ul>\n" + "".join(f"<li>{line}</li>\n" for line in lines) + "</ul>\n"
        case "quote":
            return "<blockquote>" + "<br>".join(lines) + "</blockquote>\n"
        case "table":
            curve = _curve(block, words) if block.chart == CURVE else ""
            return f"{curve}<table>\n{''.join(_rows(block))}</table>\n"
        case _:
            return "<p>" + "<br>".join(lines) + "</p>\n"


def _curve(block: Block, words: Wording) -> str:
    if not block.bars:
        return ""
    bars = "".join(
        f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}">'
        f"<title>{escape(f'{bar.label} {bar.count}')}</title></rect>"
        for bar in block.bars
    )
    first, last = escape(block.rows[1][0]), escape(block.rows[-1][0])
    name = escape(words.text("joined.listed").join(block.rows[0]))
    return (
        f'<figure><svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="{name}">{bars}</svg>'
        f"<figcaption><span>{first}</span><span>{last}</span></figcaption></figure>\n"
    )


def _rows(block: Block) -> Iterator[str]:
    head, *rows = block.rows
    drawn = block.chart == SHARES
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    yield f"<tr>{cells}{'<td></td>' if drawn else ''}</tr>\n"
    for place, row in enumerate(rows):
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
        yield f"<tr>{cells}{_share(block.shares[place]) if drawn else ''}</tr>\n"


def _share(share: str) -> str:
    return (
        '<td><svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{share}" height="10"/></svg></td>'
    )
