"""What `up` says before it boots: warnings about data that outlives a password or key."""

import pytest

from bootready.cli import up
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.request import Request
from bootready.pipeline import load


@pytest.mark.parametrize(
    ("check_id", "told"),
    [
        ("database-password-changed", True),
        ("encryption-key-changed", True),
        ("service-without-healthcheck", False),
    ],
)
def test_a_value_that_the_data_was_not_made_with(tmp_path, monkeypatch, capsys, check_id, told):
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x}}")
    project = load(Request(directory=str(tmp_path)), {})
    finding = Finding(check_id, Severity.WARNING, "service 'a': it is another", None, hint="put it")
    verdict = Verdict((finding,), (), (), 1, 1, 0, 1)
    monkeypatch.setattr(up, "check", lambda *found, **more: verdict)
    assert up._checked(project, as_json=False, registry=False, swarm=False), "it boots all the same"
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ("warning: service 'a': it is another; put it\n" if told else "")
