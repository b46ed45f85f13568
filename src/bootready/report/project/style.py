"""The look of the HTML report: one style sheet, dark or light as the reader's system is."""

# ruff: noqa: E501 - a style sheet breaks at its rules
from __future__ import annotations

LIGHT = {
    "page": "#f6f7f9",
    "card": "#fff",
    "ink": "#1b2130",
    "soft": "#5c6579",
    "line": "#dfe3ea",
    "code": "#f0f2f6",
    "error": "#c5221f",
    "error-soft": "#fdecea",
    "warning": "#a35f00",
    "warning-soft": "#fff4e0",
    "note": "#1f5fbf",
    "note-soft": "#e9f1fd",
    "fine": "#1c7c3f",
    "fine-soft": "#e7f5ec",
    "edge": "#8d97aa",
}
DARK = {
    "page": "#12151c",
    "card": "#1b1f29",
    "ink": "#e6e9f0",
    "soft": "#9aa4b8",
    "line": "#2d3443",
    "code": "#232936",
    "error": "#ff8a80",
    "error-soft": "#3a1f21",
    "warning": "#ffc266",
    "warning-soft": "#382b16",
    "note": "#8ab8ff",
    "note-soft": "#1b2a42",
    "fine": "#7fd69b",
    "fine-soft": "#18301f",
    "edge": "#76819b",
}
"""Colours carry no meaning alone: every state has a sign and a word as well."""

PICTURE = """
text{fill:var(--ink);font-size:12px}text.name{font-size:14px;font-weight:600}
.image,.heading{fill:var(--soft)}.port,.mark{text-anchor:end}
.port{fill:var(--note)}.mark{font-weight:700}
.box rect{fill:var(--card);stroke:var(--line);stroke-width:1.3}.box .bar.bar{stroke:none}
.box.fine .bar{fill:var(--fine)}.box.fine .mark{fill:var(--fine)}
.box.error rect{fill:var(--error-soft)}.box.error .bar,.box.error .mark{fill:var(--error)}
.box.warning rect{fill:var(--warning-soft)}.box.warning .bar,.box.warning .mark{fill:var(--warning)}
.box.note rect{fill:var(--note-soft)}.box.note .bar,.box.note .mark{fill:var(--note)}
.box.closed rect.under{fill:var(--card);stroke:var(--line)}.frame{fill:var(--note-soft);stroke:var(--note);stroke-opacity:.35}
.edge{fill:none;stroke:var(--edge);stroke-width:1.6}.edge.started{stroke-dasharray:5 4}
.edge.completed{stroke-dasharray:1 4;stroke-linecap:round;stroke-width:2.2}.tip{fill:var(--edge);fill:context-stroke}.hit{fill:none;stroke:transparent;stroke-width:14}
.edge.error{stroke:var(--error);stroke-width:2.6}.edge.warning{stroke:var(--warning);stroke-width:2.6}
"""
"""The look of boxes and lines, on the page and in a file of their own."""


def _root(colours: dict[str, str]) -> str:
    return ":root{" + "".join(f"--{name}:{value};" for name, value in colours.items()) + "}"


STYLE = (
    f"{_root(LIGHT)}@media(prefers-color-scheme:dark){{{_root(DARK)}}}{PICTURE}"
    """
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,
"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK KR",sans-serif}
main{max-width:1240px;margin:0 auto;padding:28px 24px 80px}
h1{font-size:26px;margin:0;letter-spacing:-.01em}h2{font-size:18px;margin:40px 0 12px}
h3{font-size:16px;margin:0;overflow-wrap:anywhere}
a{color:inherit}code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
font-size:13px}
code{background:var(--code);border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
.soft{color:var(--soft)}.small{font-size:13px}
.verdict{display:flex;gap:16px;align-items:center;border-radius:12px;padding:18px 22px;
margin:0 0 18px;border:1px solid var(--line);background:var(--card);border-left:8px solid}
.verdict.ready{border-left-color:var(--fine)}.verdict.not{border-left-color:var(--error)}
.verdict .sign{font-size:30px;line-height:1}.ready .sign{color:var(--fine)}.not .sign{color:var(--error)}
.verdict p{margin:2px 0 0}.verdict>div:nth-child(2){flex:1 1 auto}
.next{display:flex;flex-direction:column;gap:6px;align-items:flex-end;text-align:right}
.next .command{display:inline-flex;gap:8px;align-items:center}.next code{font-size:15px;padding:6px 12px;border-radius:8px;
background:var(--ink);color:var(--card);font-weight:600}.button{background:var(--ink);color:var(--card);
padding:8px 14px;border-radius:8px;text-decoration:none;font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:12px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px}
.tile b{display:block;font-size:24px;line-height:1.2;font-variant-numeric:tabular-nums}
.tile.error b{color:var(--error)}.tile.warning b{color:var(--warning)}.tile.note b{color:var(--note)}
.panel{background:var(--card);border:1px solid var(--line);border-radius:12px}
.graph{overflow-x:auto;padding:12px;scrollbar-width:thin}
svg{display:block;width:100%;min-width:calc(var(--natural)*.72);
max-width:var(--natural);height:auto;margin:0 auto}
.box:hover rect,.box:focus rect{stroke:var(--ink);stroke-width:2}.box{outline:none;cursor:pointer}
a:hover>.edge,a:focus>.edge{stroke:var(--ink);stroke-width:2.6}
.matrix{width:auto;margin:0 auto;font-size:13px}.matrix th,.matrix td{padding:0;border:0;
text-align:center;vertical-align:middle;min-width:22px;height:22px}.matrix th{color:inherit}
.matrix thead th{vertical-align:bottom;padding:0 0 6px}.matrix thead span{writing-mode:vertical-rl;
transform:rotate(180deg);white-space:nowrap;line-height:22px}.matrix small{color:var(--note)}
.matrix a{text-decoration:none;display:block}.matrix thead a{display:inline}
.matrix a:hover,.matrix a:focus{text-decoration:underline}
.matrix tbody th,.matrix thead td{position:sticky;left:0;background:var(--card);text-align:right;
padding:0 10px 0 4px;white-space:nowrap;overflow-wrap:normal}
.matrix tbody td{border:1px solid var(--line);color:var(--soft)}
.matrix tbody tr:hover>*{background:var(--note-soft)}
.edge.dim{opacity:.1}.box.dim,.box.miss{opacity:.28}.lit{stroke:var(--ink)}.chip.miss{display:none}
.choosing .box.miss:not(.dim){opacity:1}.box.chosen rect{stroke:var(--ink);stroke-width:2.4}
.tools{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;padding:12px 16px;border-bottom:1px solid var(--line)}
.switch{display:inline-flex;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.switch a{padding:6px 12px;text-decoration:none}.switch a+a{border-left:1px solid var(--line)}
.switch [aria-current=true]{background:var(--note-soft);color:var(--note);font-weight:600}
.view{display:none;scroll-margin-top:12px}html:not(.js) :is(.view:target,.views:not(:has(>.view:target))>.view:first-child),
.view.shown{display:block}
.opened{margin:0;padding:10px 16px 0}.opened a{margin-right:10px;color:var(--note)}
.chip{display:inline-block;border:1px solid var(--line);border-radius:20px;padding:2px 11px;margin:2px 0;
background:var(--card);text-decoration:none;overflow-wrap:anywhere}.chip:hover{border-color:var(--ink)}
.chip.error{background:var(--error-soft)}.chip.warning{background:var(--warning-soft)}
#found{flex:1 1 260px}#found:empty{display:none}
.steps{display:none;list-style:none;margin:0;padding:4px 16px 12px}.steps p{margin:10px 0 2px}
#focus{border-top:1px solid var(--line);padding:12px 16px}#focus p{margin:0 0 8px}
#focus .around{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:12px;margin:0}
#focus .around>div{border-left:3px solid var(--edge);padding-left:10px}#focus .around>div>.soft:first-child{display:block}
.around{margin:8px 0 0}.around details{display:inline;margin:0}.around summary{display:inline}
button{font:inherit;font-size:13px;color:var(--note);background:none;border:1px solid var(--line);
border-radius:6px;padding:2px 10px;cursor:pointer}
a:focus-visible,button:focus-visible,summary:focus-visible,input:focus-visible{outline:2px solid var(--note);outline-offset:2px}
.box:focus-visible{outline:none}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;padding:10px 16px;border-top:1px solid var(--line)}
.legend svg{display:inline-block;width:34px;min-width:0;height:10px;margin:0 6px 0 0}
.service{padding:16px 20px;margin:0 0 12px;scroll-margin-top:12px}
.service:target{outline:2px solid var(--note)}
.head{display:flex;flex-wrap:wrap;gap:6px 12px;align-items:baseline;overflow-wrap:anywhere}.head>*{min-width:0}
.tags{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0 0}
.tag{background:var(--code);border-radius:20px;padding:1px 10px;font-size:12.5px;color:var(--soft)}
.tag.up{background:var(--fine-soft);color:var(--fine)}.tag.down{background:var(--error-soft);
color:var(--error)}
.finding{border-left:4px solid var(--line);margin:14px 0 0;padding:2px 0 2px 14px}
.finding.error{border-color:var(--error)}.finding.warning{border-color:var(--warning)}
.finding.note{border-color:var(--note)}
.service>p{margin:8px 0 0}.finding p{margin:3px 0;overflow-wrap:anywhere}.word{font-weight:700;font-size:12.5px}
.error .word{color:var(--error)}.warning .word{color:var(--warning)}.note .word{color:var(--note)}
details{margin:14px 0 0}summary{cursor:pointer;color:var(--note);font-weight:600}
pre{background:var(--code);border-radius:8px;padding:8px 12px;margin:8px 0;white-space:pre-wrap;
overflow-wrap:anywhere;line-height:1.5}mark{background:none;color:inherit;font-weight:600;
text-decoration:underline 2px;text-underline-offset:3px}
.error mark{text-decoration-color:var(--error)}.warning mark{text-decoration-color:var(--warning)}
.note mark{text-decoration-color:var(--note)}.label{color:var(--soft);font-style:italic}
.remedy{color:var(--fine)}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:12.5px}
th,td{padding:7px 14px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}tr:target td{background:var(--note-soft)}.scroll{overflow:auto}
.mark-error{color:var(--error);font-weight:700}.mark-warning{color:var(--warning);font-weight:700}
.mark-note{color:var(--note);font-weight:700}.mark-fine{color:var(--fine);font-weight:700}
input[type=search]{width:100%;max-width:340px;padding:8px 12px;border:1px solid var(--line);border-radius:8px;
background:var(--card);color:var(--ink);font:inherit}#filter{margin:0 0 12px}
#filter,.tools input{display:none}.js #filter,.js .tools input{display:block}
footer{margin-top:48px;color:var(--soft);font-size:13px}
@media(max-width:640px){main{padding:16px 12px 60px}.verdict{flex-wrap:wrap;padding:14px 16px;gap:10px 12px}
.verdict .sign{font-size:24px}h1{font-size:21px;overflow-wrap:anywhere}.next{align-items:flex-start;text-align:left;width:100%}
.tiles{grid-template-columns:repeat(3,1fr);gap:8px}.tile{padding:8px 10px;font-size:13px}.tile b{font-size:20px}
.views,.switch,#graph .legend,#talking{display:none}.steps{display:block}.service{padding:14px}
tr,td,table,tbody{display:block}th{display:none}tr{padding:8px 14px;border-bottom:1px solid var(--line)}
tr:last-child{border-bottom:0}td{padding:1px 0;border:0}tr:has(>th){display:none}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#f3f3f3;
--error:#a11;--error-soft:#fff;--warning:#850;--warning-soft:#fff;--note:#124a9a;--note-soft:#fff;--fine:#165;
--fine-soft:#fff;--edge:#666}main{max-width:none;padding:0}body{font-size:10.5pt}
.graph{overflow:visible;padding:8px 0}svg{min-width:0}input,.tools,#focus,.copy,.opened a{display:none!important}
.panel{border-color:#bbb}.service,.finding,tr,.tile{break-inside:avoid}h2,h3,.head{break-after:avoid}
.next code,.button{background:none;color:#000;border:1px solid #000}a{text-decoration:none}}
"""
)
