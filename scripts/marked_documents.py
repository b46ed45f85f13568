"""Documents with markers -> the same ones, with what the project and the command line say of them.

``<!-- bootready runbook: secrets -->`` is renewed as `bootready runbook --update` does it, from the
core stack; ``<!-- commands -->`` is the table of commands (``<!-- commands ko -->`` in Korean),
``<!-- graph -->`` the core stack as `bootready report --format mermaid` draws it, and
``<!-- swarm -->`` what becomes of each attribute of a service in a stack file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import bootready
from bootready.cli import COMMANDS
from bootready.model.finding import Verdict
from bootready.model.request import Request
from bootready.pipeline.report import talks
from bootready.pipeline.runbook import guide
from bootready.report.project.collect import collect
from bootready.report.project.mermaid import render_mermaid
from bootready.report.runbook.guide import Guide
from bootready.report.runbook.markers import renewed
from bootready.report.runbook.tables import sections, table
from bootready.swarm import attributes

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md",
    "README.ko.md",
    "OPERATIONS.md",
    "OPERATIONS.ko.md",
    "secrets/README.md",
    "secrets/README.ko.md",
    "runbooks/core/infra-bootstrap-runbook.md",
    "runbooks/core/infra-bootstrap-runbook.ko.md",
    "docs/reference/swarm.md",
)
KOREAN = {
    "check": "첫 부팅을 막는 것을 한 번에 모두 찾음. 아무것도 쓰지 않음",
    "prepare": "빠진 것을 만듦: `.env`, 시크릿, 인증서, 디렉터리",
    "apply": "`prepare`나 `fix`가 저장해 둔 계획을 그대로 실행",
    "undo": "`prepare`가 만들고 그 뒤로 바뀌지 않은 것을 되돌림",
    "secrets": "시크릿을 값 없이 보여 주고, 하나를 교체",
    "certs": "인증서를 보여 주고, 원하면 그 인증 기관을 이 컴퓨터가 신뢰하게 함",
    "fix": "저장소 파일의 기계적인 잘못을 diff로 고침",
    "validate": "CI처럼 갓 복제한 상태의 프로젝트를 검사",
    "baseline": "오늘 발견된 것을 적어 두어 새로 생긴 것만 실패하게 함",
    "up": "준비하고, 검사하고, 부팅하고, 지켜보고, 확인",
    "status": "모든 서비스의 현재 상태를 보여 줌",
    "serve": "브라우저의 한 페이지에서 스택을 지켜봄",
    "diagnose": "실행 중인 스택이 왜 올라오지 않는지 설명",
    "bundle": "버그 보고에 필요한 증거를 모음. 시크릿은 가림",
    "config": "`docker compose config`처럼 해석된 모델을 출력",
    "explain": "검사, 변수, 시크릿, 모델의 값을 설명",
    "stack": "프로젝트를 Docker Swarm의 스택 파일로, 잃는 것과 함께 출력",
    "images": "이미지와 각각에 대해 알려진 것을 보여 줌",
    "report": "프로젝트 전체를 보여 줌: 그래프가 있는 한 페이지, SVG, PNG, Mermaid, JSON, SARIF",
    "runbook": "모델에서 첫 부팅 런북을 작성",
    "checks": "검사 목록을 출력",
    "completion": "bash, zsh, fish용 자동 완성 스크립트를 출력",
    "lsp": "편집기에서 입력하는 동안 결과와 수정을 보여 줌",
    "mcp": "에이전트에게 검사, 설명, 진단, 계획을 제공하며 아무것도 바꾸지 않음",
    "plugin": "`docker bootready`로 실행할 수 있게 함",
    "version": "버그 보고에 필요한 버전을 보여 줌",
}
_GRAPH = re.compile(r"(<!-- graph -->\n).*?(<!-- /graph -->)", re.DOTALL)
_SWARM = re.compile(r"(<!-- swarm -->\n).*?(<!-- /swarm -->)", re.DOTALL)
_COMMANDS = re.compile(r"(<!-- commands( ko)? -->\n).*?(<!-- /commands -->)", re.DOTALL)


def wanted() -> dict[Path, str]:
    """Return every document with the text that it should hold."""
    return {ROOT / name: _renewed(ROOT / name) for name in DOCUMENTS if (ROOT / name).exists()}


def _renewed(path: Path) -> str:
    text = _COMMANDS.sub(
        lambda found: f"{found[1]}\n{_commands(korean=bool(found[2]))}\n\n{found[3]}",
        path.read_text(encoding="utf-8"),
    )
    text = _GRAPH.sub(lambda found: f"{found[1]}\n{_graph()}\n{found[2]}", text)
    text = _SWARM.sub(lambda found: f"{found[1]}\n{_swarm()}\n\n{found[2]}", text)
    if "<!-- bootready runbook:" not in text:
        return text
    return renewed(text, path.name, lambda language: sections(_core_stack(), language))[0]


def _swarm() -> str:
    rows = [("the same", _listed(attributes.KEPT))]
    rows.append(("said otherwise, as below", _listed(attributes.CONVERTED)))
    rows.append(("gone, their content is resolved", _listed(attributes.RESOLVED)))
    for title, known in (("lost", attributes.LOST), ("no effect", attributes.WITHOUT_EFFECT)):
        rows += [(f"{title}: {words}", _listed(names)) for words, names in _alike(known).items()]
    return table(("in a stack file", "attributes of a service"), rows)


def _alike(known: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, words in sorted(known.items()):
        found.setdefault(words, []).append(name)
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _commands(*, korean: bool) -> str:
    rows = [
        (f"`bootready {name}`", KOREAN.get(name, words) if korean else words)
        for name, words in COMMANDS.items()
    ]
    return table(("명령", "하는 일") if korean else ("command", "does"), rows)


@cache
def _graph() -> str:
    project = bootready.load(ROOT, env_files=[ROOT / ".env.example"], environ={})
    nothing = Verdict((), (), (), 0, 0, 0, 0)
    return f"```mermaid\n{render_mermaid(collect(project, nothing, talks=talks(project)))}```\n"


@cache
def _core_stack() -> Guide:
    return guide(Request(directory=str(ROOT)), {})
