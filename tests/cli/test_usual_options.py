"""The options that commands read themselves mean what argparse says that they mean."""

from __future__ import annotations

import pytest

from bootready.cli import prepare
from bootready.cli.words import check_options, config_options
from bootready.errors import UsageError


@pytest.mark.parametrize(
    "line",
    [
        "-q",
        "-f a.yaml -f b.yaml --format json web db",
        "--profile=x --profile y --no-interpolate -p name -C dir",
        "--hash * --env-file a --project-directory d -o out --reveal",
    ],
)
def test_of_config(line):
    words = line.split()
    assert vars(config_options.wishes_from(words)) == vars(config_options._parsed(words))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "web worker --engine none",
        "--engine=none -v --fail-on note --json",
        "--format markdown --output sarif=a.sarif --output junit=b.xml",
        "-f a.yaml -f - --env-file=a --profile p -p name -C dir --project-directory d --verbose",
        "web --only secrets ports --skip image-absent",
    ],
)
def test_of_check(line):
    words = line.split()
    assert vars(check_options.wishes_from(words)) == vars(check_options._parsed(words))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "-n web worker --engine none",
        "--dry-run --json --detailed-exit-code --out plan.json --outside",
        "--use=a.env --into dir --yes -f a.yaml -f - --env-file=a --profile p -p name -C dir",
        "web --only secrets certificates",
        "web --dry",
    ],
)
def test_of_prepare(line):
    words = line.split()
    assert vars(prepare._wishes_from(words)) == vars(prepare._parsed(words))


@pytest.mark.parametrize("line", ["--engine maybe", "--nonsense", "-f", "--only", "-f -q"])
def test_what_nobody_can_read_is_refused(line):
    for read in (check_options.wishes_from, prepare._wishes_from):
        with pytest.raises(UsageError):
            read(line.split())
