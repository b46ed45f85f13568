#!/usr/bin/env bash
# usage: preflight-compose.sh [ARGUMENT OF bootready check ...]
# Exit 0 when every prerequisite of first boot is met, 1 with the list of those that are not.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
"${PYTHON:-python3}" scripts/setup.py runtime
exec .venv/bin/python -m bootready check "$@"
