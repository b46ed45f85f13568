"""Lines that Compose v5.6.1 and v2.40.3 wrote -> what they tell."""

import pytest

from bootready.boot.watch.compose_lines import Output, Refusal, Step, Warned, parse_line

MISSING = "Error response from daemon: bind source path does not exist: /x"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param(
            '{"id":"Container a-1","status":"Working","text":"Creating"}',
            Step("Container a-1", "Creating"),
            id="v5 splits its words over status and text",
        ),
        pytest.param(
            '{"id":"Container a-1","status":"Creating"}',
            Step("Container a-1", "Creating"),
            id="v2 has them in status",
        ),
        pytest.param(
            f'{{"id":"service:a:1","status":"Error","text":"{MISSING}"}}',
            Refusal(MISSING, "service:a:1"),
            id="v5 refuses for a service",
        ),
        pytest.param(
            f'{{"id":"Container a-1","status":"{MISSING}"}}',
            Refusal(MISSING, "Container a-1"),
            id="v2 refuses for a container",
        ),
        pytest.param(
            '{"id":"Container a-1","status":"Error","text":"Error"}',
            Step("Container a-1", "Error"),
            id="an error without words is a state, not a reason",
        ),
        pytest.param(
            '{"id":"Image a:1","status":"Error","text":"Error","details":"Get: no such host"}',
            Refusal("Get: no such host", "Image a:1"),
            id="v5 has the reason of a failed pull in its details",
        ),
        pytest.param(
            '{"id":"web","text":"Error","status":"Get: no such host"}',
            Refusal("Get: no such host", "web"),
            id="v2 names the service of a failed pull",
        ),
        pytest.param(
            '{"vertexes":[{"name":"[web 2/2] RUN x","completed":"2026","error":"exit code: 4"}],'
            '"logs":[{"data":"bm8gc3VjaCBwYWNrYWdlCg=="}]}',
            Output("[web 2/2] RUN x: exit code: 4\nno such package"),
            id="a step of a build that failed, and what it wrote",
        ),
        pytest.param(
            '{"vertexes":[{"name":"[web internal] load .dockerignore","completed":"2026"}]}',
            None,
            id="what the builder does for itself is not shown",
        ),
        pytest.param(
            '{"error":true,"message":"container a-1 exited (0)"}',
            Refusal("container a-1 exited (0)"),
            id="the last word of both",
        ),
        pytest.param(
            '{"level":"warning","msg":"careful","time":"2026-01-01T00:00:00Z"}',
            Warned("careful"),
            id="a warning",
        ),
        pytest.param("Step 1/3 : FROM scratch", Output("Step 1/3 : FROM scratch"), id="a build"),
        pytest.param("  ", None, id="an empty line tells nothing"),
    ],
)
def test_a_line_tells(line, told):
    assert parse_line(line) == told
