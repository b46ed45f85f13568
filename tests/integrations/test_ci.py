"""The action for GitHub and the component for GitLab, their scripts run as a runner would.

Only pip is not the real one: what it would install is the bootready of the tests.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
GUIDE = (ROOT / "docs" / "guides" / "ci.md").read_text()
BROKEN = "services:\n  web:\n    image: nginx:1.27\n    restart: allways\n    depends_on: [db]\n"
READY = "services:\n  web:\n    image: nginx:1.27\n    depends_on: [db]\n  db: {image: redis:8}\n"
PIP = f"""\
#!/bin/sh
echo "$@" >>"$PIP_LOG"
printf '#!/bin/sh\\nexec "{sys.executable}" -P -m bootready "$@"\\n' >"$(dirname "$0")/bootready"
chmod +x "$(dirname "$0")/bootready"
"""
PYTHON = """\
#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 9
mkdir -p "$3/bin" && cp "$(dirname "$0")/pip" "$3/bin/pip"
"""


class Runner:
    """A repository with a project in `svc/shop`, and what a runner gives to the steps of a job."""

    def __init__(self, place: Path, compose: str) -> None:
        self.place = place
        self.repository = place / "repository"
        (self.repository / "svc/shop").mkdir(parents=True)
        (self.repository / "svc/shop/compose.yaml").write_text(compose)
        programs = place / "bin"
        programs.mkdir()
        for name, text in (("pip", PIP), ("python3", PYTHON)):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(place),
            "LC_ALL": "C.UTF-8",
            "BOOTREADY_COMPOSE": "/bin/true",
            "DOCKER_HOST": f"unix://{place}/none.sock",
            "PIP_LOG": str(place / "pip.log"),
        }
        for words in (["init", "-q"], ["add", "-A"]):
            subprocess.run(["git", *words], cwd=self.repository, check=True, timeout=60)

    def bash(self, script: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run lines as GitHub's runner does for `shell: bash`."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.repository, env={**self.environment, **more},
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def read(self, name: str) -> str:
        path = self.place / name
        return path.read_text() if path.exists() else ""


def act(runner: Runner, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the steps of the action with these inputs; return the last one that ran."""
    given = {name: inputs.get(name, one["default"]) for name, one in ACTION["inputs"].items()}
    runner.environment |= {
        "RUNNER_TEMP": str(runner.place / "temp"),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_ACTIONS": "true",
        **{f"GITHUB_{name}": str(runner.place / name) for name in ("PATH", "OUTPUT")},
        "GITHUB_STEP_SUMMARY": str(runner.place / "SUMMARY"),
    }
    (runner.place / "temp").mkdir(exist_ok=True)
    done = None
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        if "inputs.comment" in step.get("if", ""):
            continue  # tests/integrations/test_comment.py
        values = {
            name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found[1]], value)
            for name, value in step.get("env", {}).items()
        }
        done = runner.bash(step["run"], **values)
        for line in runner.read("PATH").splitlines():
            runner.environment["PATH"] = f"{line}{os.pathsep}{runner.environment['PATH']}"
        if done.returncode:
            break
    assert done is not None
    return done


def test_the_action_points_at_the_line_that_breaks(tmp_path):
    runner = Runner(tmp_path, BROKEN)
    done = act(runner, directory="svc/shop", arguments="--fail-on warning")
    assert done.returncode == 1
    assert "::error file=svc/shop/compose.yaml,line=4" in done.stdout
    assert runner.read("pip.log").rstrip().endswith(f" {ROOT}")
    sarif = runner.read("OUTPUT").strip().removeprefix("sarif=")
    assert json.loads(Path(sarif).read_text())["runs"][0]["results"]
    assert "restart-unknown" in runner.read("SUMMARY")
    assert "restart-unknown" in runner.read("temp/bootready.md")


def test_the_action_passes_what_can_boot_and_draws_it(tmp_path):
    runner = Runner(tmp_path, READY)
    done = act(runner, directory="svc/shop")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "```mermaid\nflowchart LR" in runner.read("SUMMARY")
    assert runner.read("temp/bootready.mmd").startswith("flowchart LR")


def test_the_action_on_a_whole_repository_and_on_none(tmp_path):
    runner = Runner(tmp_path, BROKEN.replace("restart", "rest: [art"))
    done = act(runner, arguments="--recursive", graph="false")
    assert done.returncode == 2
    assert "file=svc/shop/compose.yaml" in done.stdout
    assert "sarif=" in runner.read("OUTPUT")
    assert "mermaid" not in runner.read("SUMMARY")


@pytest.mark.parametrize(("compose", "code"), [(BROKEN, 1), (READY, 0)], ids=["broken", "ready"])
def test_the_component_reports_to_the_merge_request(tmp_path, compose, code):
    runner = Runner(tmp_path, compose)
    head, body = (ROOT / "templates/bootready.yml").read_text().split("\n---\n")
    inputs = {
        name: str(one.get("default"))
        for name, one in yaml.safe_load(head)["spec"]["inputs"].items()
    } | {"directory": "svc/shop", "arguments": "--fail-on error"}
    text = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: inputs[found[1]], body)
    job = yaml.safe_load(text)["bootready"]
    runner.environment["PATH"] = f"{tmp_path / 'bin'}{os.pathsep}{runner.environment['PATH']}"
    done = runner.bash("\n".join(job["script"]), **job["variables"])
    assert done.returncode == code, done.stdout + done.stderr
    assert runner.read("pip.log").split()[-1] == "bootready"
    reports = job["artifacts"]["reports"]
    quality = json.loads((runner.repository / reports["codequality"]).read_text())
    places = {(one["check_name"], one["location"]["path"]) for one in quality}
    assert (("restart-unknown", "svc/shop/compose.yaml") in places) is (code == 1)
    cases = ET.parse(runner.repository / reports["junit"]).getroot().iter("failure")
    assert bool(list(cases)) is (code == 1)


def test_the_examples_of_the_guide_name_what_there_is():
    """Inputs of the action and the component, and the hooks."""
    examples = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
    [workflow, gitlab, hooks] = examples
    used = workflow["jobs"]["validate"]["steps"][-1]["with"]
    assert set(used) <= set(ACTION["inputs"])
    spec = yaml.safe_load((ROOT / "templates/bootready.yml").read_text().split("\n---\n")[0])
    assert set(gitlab["include"][0]["inputs"]) <= set(spec["spec"]["inputs"])
    offered = {one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {one["id"] for one in hooks["repos"][0]["hooks"]} == offered
