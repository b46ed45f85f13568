"""Scripts that set an environment are read, never run: what a shell would do with plain exports."""

from __future__ import annotations

import pytest

from bootready.knowledge.assignments import plain_assignments

SCRIPT = """\
#!/usr/bin/env bash
# Copyright
pushd "../../" > /dev/null
source .set_env.sh
popd > /dev/null

export host_ip=$(hostname -I | awk '{print $1}')
export MODEL="BAAI/bge-base"  # a comment
export REDIS_URL="redis://${host_ip}:6379"
export HF_TOKEN=${HF_TOKEN}
export no_proxy="$no_proxy,app"
export PORT=${PORT:-8080}
export STARTED=$(date)
if [ -n "$GPU" ]; then
  export DEVICE=gpu
fi
for one in 1 2; do export LOOP=$one; done
helper() {
  export INNER=1
}
cat <<EOF
export TEXT=1
EOF
export LAST='a b $c'; export SECOND=2
"""


def test_what_a_script_sets_whatever_happens_is_read():
    assert plain_assignments(SCRIPT, "10.0.0.7").splitlines() == [
        "host_ip=10.0.0.7",
        "MODEL=BAAI/bge-base",
        'REDIS_URL="redis://${host_ip}:6379"',
        "HF_TOKEN=",
        "no_proxy=,app",
        'PORT="${PORT:-8080}"',
        "LAST='a b $c'",
    ]


def test_an_address_that_is_not_known_leaves_what_needs_it_empty():
    text = plain_assignments(SCRIPT)
    assert "host_ip" not in text
    assert "REDIS_URL=redis://:6379" in text


def test_a_file_of_assignments_stays_as_it_is():
    text = "# names\nexport A='x'\nB=\n\nC=${A}\n"
    assert plain_assignments(text) == text


@pytest.mark.parametrize(
    "text",
    ["A=$(id -u)\nB=1\n", "echo hello\nA=1\nB=2\n", "export A=1\nrm -rf /\n", "services: {}\n", ""],
)
def test_what_is_no_example_gives_nothing(text):
    assert plain_assignments(text) == ""
