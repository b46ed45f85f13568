"""A plan prints one line a step, in an order that does not depend on the findings' order."""

from __future__ import annotations

import itertools

from bootready.model.action import (
    CreateDirectory,
    CreateNetwork,
    GenerateSecret,
    IssueCertificate,
    WriteFile,
)
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.plan.collect import plan_for
from bootready.plan.render import render_plan

EXPECTED = """\
#1  file         ./.env                    create, 1 line, mode 0600  variable-unset
#2  directory    ./secrets/certs           create, mode 0700          bind-source-missing
#3  secret       ./secrets/pw              generate, 32 bytes         secret-file-missing
#4  certificate  ./secrets/certs/cert.pem  issue for a.test           certificate-missing       after #2
#5  network      edge                      create, driver bridge      external-network-missing
"""  # noqa: E501 - as it is printed


def finding(check_id, action):
    remedy = Remedy("", Safety.ASK, (action,))
    return Finding(check_id, Severity.ERROR, "words", None, remedy=remedy)


FINDINGS = (
    finding("external-network-missing", CreateNetwork("edge")),
    finding("certificate-missing", IssueCertificate("/p/secrets/certs", ("a.test",))),
    finding("secret-file-missing", GenerateSecret("/p/secrets/pw", "pw")),
    finding("bind-source-missing", CreateDirectory("/p/secrets/certs", 0o700)),
    finding("variable-unset", WriteFile("/p/.env", "A=1\n", 0o600)),
)


def test_a_plan_is_printed_in_one_order_whatever_the_order_of_findings():
    for findings in itertools.permutations(FINDINGS):
        assert render_plan(plan_for(findings), "/p") == EXPECTED


def test_one_thing_that_two_findings_ask_for_is_one_step():
    plan = plan_for((FINDINGS[2], FINDINGS[2]._replace(check_id="other")))
    assert [step.cause for step in plan.steps] == ["secret-file-missing"]
