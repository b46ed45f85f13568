"""The still page of a project -> the one that follows its boot: the same, with what happens now."""

# ruff: noqa: E501 - a style sheet breaks at its rules, a script at its statements
from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from bootready.page.channel import Page
from bootready.report.formats.text import Source
from bootready.report.project.html import Live, render_html
from bootready.report.project.script import SCRIPT
from bootready.report.project.style import STYLE
from bootready.report.project.view import Stack

_SECTION = """\
<section class="panel service" id="live" aria-label="what happens now">
<p><b id="live-said" role="status">connecting</b> <span id="live-time" class="soft"></span></p>
<progress id="live-progress" max="1" value="0" aria-label="services that are up"></progress>
<ul id="live-pulls"></ul><ul id="live-services"></ul><div id="live-diagnoses"></div><ul id="live-endpoints"></ul>
<div id="live-log" hidden><p class="soft small"></p><pre></pre></div></section>"""

_STYLE = """
#live{margin:0 0 18px}.next{display:none}.verdict{margin-top:28px}#live p{margin:0 0 8px}#live progress{width:100%;height:8px;accent-color:var(--fine)}
#live ul{list-style:none;margin:8px 0 0;padding:0}#live li{padding:2px 0;overflow-wrap:anywhere}
#live .copy{margin-top:4px}
.now-ready,.now-done{color:var(--fine)}.now-failed{color:var(--error)}.now-starting{color:var(--warning)}.now-waiting{color:var(--soft)}
.box[data-now] rect{fill:var(--card)}.box[data-now=failed] rect{fill:var(--error-soft)}.box[data-now=starting] rect{fill:var(--warning-soft)}
.box[data-now=ready] rect,.box[data-now=done] rect{fill:var(--fine-soft)}
.box[data-now=ready] .bar.bar,.box[data-now=done] .bar.bar{fill:var(--fine)}.box[data-now=failed] .bar.bar{fill:var(--error)}
.box[data-now=starting] .bar.bar{fill:var(--warning)}.box[data-now=waiting] .bar.bar{fill:var(--line)}
.box[data-now] .mark{fill:var(--ink)}.edge.awaited{stroke:var(--warning)}
"""
_SCRIPT = """
{const at=id=>document.getElementById('live-'+id),signs={waiting:'·',starting:'…',ready:'✓',done:'✓',failed:'✕'};
const grave=['failed','starting','waiting','ready','done'];let began=0,over=false;
const element=(tag,text,kind)=>{const one=document.createElement(tag);one.textContent=text;if(kind)one.className=kind;return one};
const colour=services=>{const now=new Map(services.map(one=>[one.service,one.phase])),awaited=new Set();
services.forEach(one=>one.waiting_for.forEach(other=>awaited.add(one.service+'\\n'+other)));
document.querySelectorAll('#graph .view').forEach(view=>{const key=new Map();
view.querySelectorAll('.box').forEach(box=>{const names=box.dataset.holds?JSON.parse(box.dataset.holds):[box.dataset.name];
names.forEach(name=>key.set(name,box.dataset.name));const phases=names.map(name=>now.get(name)).filter(Boolean);
if(!phases.length){delete box.dataset.now;return}
const worst=grave.find(phase=>phases.includes(phase)),up=phases.filter(phase=>phase==='ready'||phase==='done').length;
box.dataset.now=worst;box.querySelector('.mark').textContent=signs[worst]+(names.length>1?' '+up+'/'+names.length:'')});
const lines=new Set([...awaited].map(pair=>pair.split('\\n').map(name=>key.get(name)).join('\\n')));
view.querySelectorAll('.edge').forEach(edge=>edge.classList.toggle('awaited',lines.has(edge.dataset.a+'\\n'+edge.dataset.b)))})};
const button=text=>{const one=element('button','copy the remedy','copy');one.type='button';
one.addEventListener('click',()=>navigator.clipboard.writeText(text).then(()=>{one.textContent='copied'}));return one};
const show=state=>{const services=state.services||[];began=state.began||0;at('said').textContent=state.said||'';
const up=services.filter(one=>one.phase==='ready'||one.phase==='done').length;
at('progress').max=Math.max(1,services.length);at('progress').value=up;
at('pulls').replaceChildren(...(state.pulls||[]).map(words=>element('li','pulling '+words,'now-starting')));
at('services').replaceChildren(...services.filter(one=>one.phase!=='ready'&&one.phase!=='done').slice(0,40).map(one=>{
const row=element('li','','now-'+one.phase);row.append(signs[one.phase]+' ',element('b',one.service),' '+one.phase+': '+one.said);return row}));
at('diagnoses').replaceChildren(...(state.diagnoses||[]).map(one=>{const part=element('div','','finding error');
part.append(element('pre',one.text));if(navigator.clipboard)part.append(button(one.remedy));return part}));
at('endpoints').replaceChildren(...(state.endpoints||[]).map(one=>element('li',(one.answered?'✓ ':'· ')+one.service+': '+(one.name?one.name+', ':'')+one.target+(one.said?': '+one.said:''),one.answered?'now-ready':'now-waiting')));
const log=state.log||{};at('log').hidden=!(log.lines&&log.lines.length);
if(log.lines){at('log').querySelector('p').textContent='last lines of '+log.service;at('log').querySelector('pre').textContent=log.lines.join('\\n')}
colour(services)};
const source=new EventSource('events');
source.onmessage=event=>show(JSON.parse(event.data));
source.addEventListener('over',()=>{over=true;source.close();at('time').textContent='bootready has ended; this is what it saw last'});
source.onerror=()=>{if(!over)at('time').textContent='bootready does not answer; this is what it saw last'};
setInterval(()=>{if(began&&!over&&source.readyState===1)at('time').textContent=Math.max(0,Math.round(Date.now()/1000-began))+' s'},1000);}
"""


def live_page(stack: Stack, source: Source) -> Page:
    """Return the page and its policy: what it runs is named by its digest, nothing else runs."""
    text = render_html(stack, source, live=Live(_SECTION, _STYLE, _SCRIPT))
    styles, scripts = (
        " ".join(map(_digest, (STYLE, _STYLE))),
        " ".join(map(_digest, (SCRIPT, _SCRIPT))),
    )
    policy = (
        f"default-src 'none'; style-src {styles}; style-src-attr 'unsafe-inline'; script-src {scripts};"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Page(text, policy)


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
