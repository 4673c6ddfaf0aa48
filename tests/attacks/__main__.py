"""`python -m tests.attacks`: try everything, print what came of it, exit with 1 if anything succeeded."""

import argparse
import sys
import time
from pathlib import Path

from tests.attacks.machine import ROOT, planted
from tests.attacks.page import page
from tests.attacks.shown import Plain
from tests.attacks.suite import ATTACKS, LEVELS, failures, levels, run, summary

PAGE = Path(ROOT, "docs", "attacks.md")


def main() -> int:
    """Run the suite at all levels that this machine has."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}; needs both levels")
    chosen = parser.parse_args()
    began, reports = time.monotonic(), []
    with planted() as machine:
        for level in levels():
            reports.append(run(machine, level))
            print(summary(reports[-1:], {}), f"({reports[-1].seconds:.0f} s)", flush=True)
        with Plain(machine, levels()[0]) as plain:
            shown = {attack.name: plain.shown(attack) for attack in ATTACKS if not attack.not_shown}
    print(f"\n{summary(reports, shown)}\n{time.monotonic() - began:.0f} seconds")
    if chosen.write and len(reports) == len(LEVELS):
        PAGE.write_text(page(reports, shown), encoding="utf-8")
    return int(bool(failures(reports, shown)))


if __name__ == "__main__":
    sys.exit(main())
