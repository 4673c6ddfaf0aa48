"""Attacks fail, odd right notebooks pass, and the page says what was tried; `python -m tests.attacks` is the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.level import Level
from tests.attacks.attack import THREATS, Attack, Entry
from tests.attacks.grading import grade_class
from tests.attacks.machine import ROOT, Machine, planted
from tests.attacks.odd import HONEST
from tests.attacks.shown import Plain
from tests.attacks.suite import ATTACKS, LEVELS, Report, failures, levels, run

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def machine() -> Iterator[Machine]:
    """Return a machine with secrets on it."""
    if not levels():
        pytest.skip("no level of the sandbox can be had on this machine")
    with planted() as made:
        yield made


def test_every_class_is_tried() -> None:
    """Each class of threats has attacks by several ways, and no two entries have the same name."""
    assert {attack.threat for attack in ATTACKS} == set(THREATS)
    for threat in THREATS:
        assert len({attack.channel for attack in ATTACKS if attack.threat == threat}) > 1
    entries: tuple[Entry, ...] = (*ATTACKS, *HONEST)
    names = [entry.name for entry in entries]
    assert len(names) == len(set(names))


def test_the_page_lists_all_attacks() -> None:
    """docs/attacks.md has a row for each attack and each odd notebook; `python -m tests.attacks --write` makes it."""
    text = Path(ROOT, "docs", "attacks.md").read_text(encoding="utf-8")
    rows = {line.split(" | ")[0].removeprefix("| ").removesuffix(" (short)") for line in text.splitlines()}
    assert {attack.name for attack in ATTACKS} <= rows
    assert {one.name for one in HONEST if not one.style} <= rows


def test_a_sample(machine: Machine) -> None:
    """Of a class of both kinds the attacks reach nothing, and the odd right notebooks lose nothing."""
    entries: tuple[Entry, ...] = (*ATTACKS, *HONEST)
    chosen = [entry for entry in entries if entry.quick]
    report = Report(levels()[0])
    report.take(grade_class(machine, chosen, report.level))
    assert not failures([report], {})
    assert {attack.threat for attack in ATTACKS if attack.quick} == set(THREATS)


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_all(machine: Machine, level: Level) -> None:
    """At each level no attack reaches anything, and no odd right notebook loses a point."""
    if level not in levels():
        pytest.skip(f"{level.value} cannot be had on this machine")
    report = run(machine, level)
    assert not failures([report], {})
    expected: list[Attack] = [attack for attack in ATTACKS if attack.known and level is Level.LANDLOCK]
    assert all(report.attacks[attack.name].successes for attack in expected), "what is known should be said no longer"


@pytest.mark.slow
def test_no_attack_is_a_dud(machine: Machine) -> None:
    """Each attack succeeds where nothing is protected, or says why that is not shown."""
    with Plain(machine, levels()[0]) as plain:
        shown = {attack.name: plain.shown(attack) for attack in ATTACKS if not attack.not_shown}
    assert not failures([], shown)
