#!/usr/bin/env bash
# The checkout of the action -> bootready in an environment of its own, on the PATH of the steps that follow.
set -euo pipefail
place=$RUNNER_TEMP/bootready
python3 -m venv "$place"
"$place/bin/pip" --disable-pip-version-check --quiet install "$GITHUB_ACTION_PATH"
echo "$place/bin" >>"$GITHUB_PATH"
