"""bootready as a provider: found as any other program, with a remedy of its own."""

from __future__ import annotations

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.recorded import RecordedHost
from bootready.model.request import Request


@pytest.mark.parametrize("programs", [[], ["bootready"], ["docker-bootready"]])
def test_being_started_is_not_being_found(tmp_path, programs):
    """We run, and yet Compose finds us only on the PATH or among the plugins of docker."""
    text = "services: {ready: {provider: {type: bootready}}}"
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    project = pipeline.load(Request(directory=str(tmp_path)), {"PWD": str(tmp_path)})
    host = RecordedHost(str(tmp_path), {"programs": programs})
    evidence = Evidence(Context(project, host, RecordedEngine()), {})
    verdict = pipeline.check(evidence, only=("provider-missing",))
    hints = [finding.hint for finding in verdict.findings]
    link = "sudo ln -s VENV/bin/bootready /usr/local/bin/ (VENV: where it was installed)"
    assert hints == ([] if programs else [link])
