"""The look of the HTML report: one style sheet, dark or light as the reader's system is."""

# ruff: noqa: E501 - a style sheet breaks at its rules
from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2130;--soft:#5c6579;--line:#dfe3ea;
--code:#f0f2f6;--error:#c5221f;--error-soft:#fdecea;--warning:#a35f00;--warning-soft:#fff4e0;
--note:#1f5fbf;--note-soft:#e9f1fd;--fine:#1c7c3f;--fine-soft:#e7f5ec;--edge:#8d97aa;--shade:#c4cad6}
@media(prefers-color-scheme:dark){:root{--page:#12151c;--card:#1b1f29;--ink:#e6e9f0;--soft:#9aa4b8;
--line:#2d3443;--code:#232936;--error:#ff8a80;--error-soft:#3a1f21;--warning:#ffc266;
--warning-soft:#382b16;--note:#8ab8ff;--note-soft:#1b2a42;--fine:#7fd69b;--fine-soft:#18301f;
--edge:#76819b;--shade:#05070b}}
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
.verdict p{margin:2px 0 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:12px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px}
.tile b{display:block;font-size:24px;line-height:1.2;font-variant-numeric:tabular-nums}
.tile.error b{color:var(--error)}.tile.warning b{color:var(--warning)}.tile.note b{color:var(--note)}
.panel{background:var(--card);border:1px solid var(--line);border-radius:12px}
.graph{overflow-x:auto;padding:12px;border-radius:12px 12px 0 0;background:
linear-gradient(90deg,var(--card) 40%,transparent) 0 0/48px 100% no-repeat local,
linear-gradient(-90deg,var(--card) 40%,transparent) 100% 0/48px 100% no-repeat local,
linear-gradient(90deg,var(--shade),transparent) 0 0/18px 100% no-repeat scroll,
linear-gradient(-90deg,var(--shade),transparent) 100% 0/18px 100% no-repeat scroll}
svg{display:block;width:100%;min-width:calc(var(--natural)*.8);
max-width:var(--natural);height:auto;margin:0 auto}
svg text{fill:var(--ink);font-size:12px}svg .name{font-size:14px;font-weight:600}
svg .image,svg .heading{fill:var(--soft)}svg .port,svg .mark{text-anchor:end}
svg .port{fill:var(--note)}svg .mark{font-weight:700}
.box rect{fill:var(--card);stroke:var(--line);stroke-width:1.3}
.box:hover rect,.box:focus rect{stroke:var(--ink);stroke-width:2}.box{outline:none;cursor:pointer}
.box.fine .bar{fill:var(--fine)}.box.fine .mark{fill:var(--fine)}
.box.error rect{fill:var(--error-soft)}.box.error .bar,.box.error .mark{fill:var(--error)}
.box.warning rect{fill:var(--warning-soft)}.box.warning .bar,.box.warning .mark{fill:var(--warning)}
.box.note rect{fill:var(--note-soft)}.box.note .bar,.box.note .mark{fill:var(--note)}
.edge{fill:none;stroke:var(--edge);stroke-width:1.6}.edge.started{stroke-dasharray:5 4}
.edge.completed{stroke-dasharray:1 4;stroke-linecap:round;stroke-width:2.2}.tip{fill:var(--edge);fill:context-stroke}.hit{fill:none;stroke:transparent;stroke-width:14}
.edge.error{stroke:var(--error);stroke-width:2.6}.edge.warning{stroke:var(--warning);stroke-width:2.6}
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
.dim{opacity:.16}.lit{stroke:var(--ink)}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;padding:10px 16px;border-top:1px solid var(--line)}
.legend svg{display:inline-block;width:34px;min-width:0;height:10px;margin:0 6px 0 0}
.service{padding:16px 20px;margin:0 0 12px;scroll-margin-top:12px}
.service:target{outline:2px solid var(--note)}
.head{display:flex;flex-wrap:wrap;gap:6px 12px;align-items:baseline}
.tags{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0 0}
.tag{background:var(--code);border-radius:20px;padding:1px 10px;font-size:12.5px;color:var(--soft)}
.tag.up{background:var(--fine-soft);color:var(--fine)}.tag.down{background:var(--error-soft);
color:var(--error)}
.finding{border-left:4px solid var(--line);margin:14px 0 0;padding:2px 0 2px 14px}
.finding.error{border-color:var(--error)}.finding.warning{border-color:var(--warning)}
.finding.note{border-color:var(--note)}
.service>p{margin:8px 0 0}.finding p{margin:3px 0}.word{font-weight:700;font-size:12.5px}
.error .word{color:var(--error)}.warning .word{color:var(--warning)}.note .word{color:var(--note)}
details{margin:14px 0 0}summary{cursor:pointer;color:var(--note);font-weight:600}
pre{background:var(--code);border-radius:8px;padding:10px 12px;margin:8px 0;overflow:auto;
line-height:1.4}
.remedy{color:var(--fine)}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:12.5px}
th,td{padding:7px 14px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}tr:target td{background:var(--note-soft)}.scroll{overflow:auto}
.mark-error{color:var(--error);font-weight:700}.mark-warning{color:var(--warning);font-weight:700}
.mark-note{color:var(--note);font-weight:700}.mark-fine{color:var(--fine);font-weight:700}
#filter{width:100%;max-width:340px;padding:8px 12px;border:1px solid var(--line);border-radius:8px;
background:var(--card);color:var(--ink);font:inherit;margin:0 0 12px;display:none}
.js #filter{display:block}
footer{margin-top:48px;color:var(--soft);font-size:13px}
@media print{.graph{overflow:visible}svg{min-width:0}#filter{display:none!important}}
@media(max-width:640px){main{padding:16px 12px 60px}
.matrix tbody th{max-width:132px;overflow:hidden;text-overflow:ellipsis}}
"""
"""Colours carry no meaning alone: every state has a sign and a word as well."""

SCRIPT = """
document.documentElement.classList.add('js');
const boxes=[...document.querySelectorAll('.box')],edges=[...document.querySelectorAll('.edge')];
const light=name=>{const near=new Set([name]);
edges.forEach(e=>{const mine=e.dataset.a===name||e.dataset.b===name;
if(mine){near.add(e.dataset.a);near.add(e.dataset.b)}
e.classList.toggle('dim',name!==null&&!mine);e.classList.toggle('lit',name!==null&&mine)});
boxes.forEach(b=>b.classList.toggle('dim',name!==null&&!near.has(b.dataset.name)))};
boxes.forEach(b=>{b.addEventListener('mouseenter',()=>light(b.dataset.name));
b.addEventListener('focus',()=>light(b.dataset.name));
b.addEventListener('mouseleave',()=>light(null));b.addEventListener('blur',()=>light(null))});
const open=()=>{const row=document.getElementById(location.hash.slice(1));
const fold=row&&row.closest('details');if(fold){fold.open=true;row.scrollIntoView()}};
addEventListener('hashchange',open);open();
const filter=document.getElementById('filter');
if(filter)filter.addEventListener('input',()=>{const word=filter.value.toLowerCase();
document.querySelectorAll('[data-text]').forEach(one=>{one.hidden=!one.dataset.text.includes(word)})});
"""
"""Lights up the neighbours of a box and filters the services; the page is complete without it."""
