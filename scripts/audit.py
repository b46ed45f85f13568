#!/usr/bin/env python3
"""`requirements/*.txt` -> known holes in what is locked there, as the index's own database says.

usage: audit.py
Exit codes: 0 none known, or the database cannot be asked (said aloud), 1 some. Needs `make tools`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".cache" / "tools" / "bin" / "pip-audit"


def main() -> int:
    """Audit every file and return the exit code."""
    return max(audited(path) for path in sorted((ROOT / "requirements").glob("*.txt")))


def audited(path: Path) -> int:
    """Print what is known of the packages in one file; return 1 if one has a hole."""
    name = path.relative_to(ROOT)
    command = [str(PROGRAM), "-f", "json", "--require-hashes", "--disable-pip", "-r", str(path)]
    command += ["--progress-spinner", "off", "--timeout", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        print(f"audit: {name}: SKIPPED: {last[:200]}")
        return 0
    for one in found:
        for hole in one.get("vulns", ()):
            fixed = ", ".join(hole["fix_versions"]) or "no version yet"
            print(f"audit: {name}: {one['name']} {one['version']}: {hole['id']}, fixed in {fixed}")
    unknown = sum("skip_reason" in one for one in found)
    if unknown:
        print(f"audit: {name}: SKIPPED: the index tells nothing of {unknown} of {len(found)}")
    holes = sum(bool(one.get("vulns")) for one in found)
    if len(found) > unknown:
        print(f"audit: {name}: {holes} of {len(found) - unknown} packages have known holes")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
