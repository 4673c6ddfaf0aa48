"""The whole suite: all attacks and all odd right notebooks at each level, and each attack unprotected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.sandbox.level import Level
from tests.attacks import breaking, forging, handing, patching, reading
from tests.attacks.attack import Attack
from tests.attacks.grading import Round, grade_class
from tests.attacks.look import Result
from tests.attacks.machine import Machine
from tests.attacks.odd import HONEST
from tests.sandbox.ward import missing

ATTACKS: tuple[Attack, ...] = tuple(
    sorted(
        (*reading.ATTACKS, *patching.ATTACKS, *forging.ATTACKS, *breaking.ATTACKS, *handing.ATTACKS),
        key=lambda attack: attack.threat,
    )
)
"""All attacks, by class."""

LEVELS = (Level.NAMESPACES, Level.LANDLOCK)


@dataclass
class Report:
    """What became of a suite at one level.

    Args:
        level: the level.
        attacks: name to what each attack achieved.
        honest: name to what became of each right notebook.
        common: what happened to the others, the machine and the command.
        seconds: of grading.
    """

    level: Level
    attacks: dict[str, Result] = field(default_factory=dict)
    honest: dict[str, Result] = field(default_factory=dict)
    common: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def take(self, graded: Round) -> None:
        """Add what became of a class."""
        known = {attack.name for attack in ATTACKS}
        for name, result in graded.results.items():
            (self.attacks if name in known else self.honest)[name] = result
        self.common += graded.common
        self.seconds += graded.seconds


def levels() -> list[Level]:
    """Return the levels that this machine has."""
    return [level for level in LEVELS if not missing(level)]


def run(machine: Machine, level: Level) -> Report:
    """Grade the odd right notebooks, then the attacks beside the same neighbours, then those that use up their time."""
    report = Report(level)
    first = grade_class(machine, HONEST, level)
    report.take(first)
    for short in (False, True):
        chosen = [attack for attack in ATTACKS if attack.short is short]
        report.take(grade_class(machine, chosen, level, short=short, neighbours=first.neighbours))
    return report


def summary(reports: Iterable[Report], shown: Mapping[str, str]) -> str:
    """Return a line for each level, a line for what was shown, and whatever succeeded."""
    lines = []
    for report in reports:
        known = {attack.name for attack in ATTACKS if attack.known}
        found = {name: result for name, result in report.attacks.items() if name not in known}
        gained = sum(bool(one.gained) for one in found.values())
        leaked = sum(bool(one.leaked) for one in found.values())
        harmed = sum(bool(one.harmed) for one in found.values()) + len(report.common)
        lost = sum(bool(one.successes) for one in report.honest.values())
        accepted = sum(bool(report.attacks[name].successes) for name in report.attacks.keys() & known)
        lines += [
            f"{report.level.value}: attacks {len(report.attacks)} tried, {gained} gained, {leaked} leaked, {harmed} "
            f"harmed ({accepted} known and accepted beside these); honest {len(report.honest)} tried, {lost} lost"
        ]
        lines += [f"  {name}: {'; '.join(one.successes)}" for name, one in found.items() if one.successes]
        lines += [f"  {name}: {'; '.join(one.successes)}" for name, one in report.honest.items() if one.successes]
        lines += [f"  all: {one}" for one in report.common]
    if shown:
        duds = [attack.name for attack in ATTACKS if not attack.not_shown and not shown.get(attack.name)]
        reasons = sum(bool(attack.not_shown) for attack in ATTACKS)
        real = sum(map(bool, shown.values()))
        lines.append(f"unprotected: {real} shown to be real, {reasons} not shown for a reason")
        lines += [f"  {name}: a dud" for name in duds]
    return "\n".join(lines)


def failures(reports: Iterable[Report], shown: Mapping[str, str]) -> list[str]:
    """Return what should not have happened: the indented lines of the summary."""
    return [line for line in summary(reports, shown).splitlines() if line.startswith("  ")]
