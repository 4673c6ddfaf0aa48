"""docs/attacks.md: what was tried, what came of it, and what was not tried."""

from collections.abc import Mapping, Sequence

from tests.attacks.attack import THREATS, Attack
from tests.attacks.odd import HONEST
from tests.attacks.suite import ATTACKS, Report

HEAD = """\
# Attacks on the autograder, and odd right notebooks

Made by `python -m tests.attacks --write`, which grades all of it with the real command, as an ordinary user. An attack
succeeds if it gains a point that the same notebook without it would not get, if a planted secret shows up in what its
student sees or outside, or if another submission, the gradebook, the command or the machine is changed by it.
*Unprotected* tells where the same notebook succeeds when its cells run in one process with the answers, as in plain
nbgrader and `validate`, or which naive check it passes, so that no attack here is a dud. Limits of time are shortened
where an attack uses up whatever it is given ("short"); nothing else differs from `autograder grade`.
"""

NOT_TRIED = (
    "Faults of the kernel, of bubblewrap, of TensorFlow's own code, and of the processor (timing, caches).",
    "Side channels between submissions that run at the same time: load, the time that things take.",
    "Several students who work together over more than one run; replaying a seen case in a second submission.",
    "macOS and Windows, where nothing is confined and `grade` refuses; `--sandbox none`; grading on a cluster.",
    "PostgreSQL as the gradebook, formgrader, and what an instructor does with the gradebook later (export to CSV).",
    "A real fork bomb and real exhaustion of memory without protection: not safe on a machine that is in use.",
    "How much memory the trusted process itself takes; only that it ends well and in time.",
    "Exhausting the disk on which the journal lies by very many submissions.",
    "A browser: pages are read by a parser that knows what would run, not opened.",
)


def page(reports: Sequence[Report], shown: Mapping[str, str]) -> str:
    """Return the page."""
    parts = [HEAD]
    for threat, title in THREATS.items():
        names = "".join(f" {report.level.value} |" for report in reports)
        head = f"| attack | by way of | it | unprotected |{names}\n| --- | --- | --- | --- |{' --- |' * len(reports)}"
        rows = [_row(attack, reports, shown) for attack in ATTACKS if attack.threat == threat]
        parts.append("\n".join([f"## {threat}. {title[0].upper()}{title[1:]}\n", head, *rows, ""]))
    parts.append(_honest(reports))
    parts.append("\n".join(["## What was not tried\n", *(f"- {line}" for line in NOT_TRIED), ""]))
    return "\n".join(parts)


def _row(attack: Attack, reports: Sequence[Report], shown: Mapping[str, str]) -> str:
    real = f"not shown: {attack.not_shown}" if attack.not_shown else shown.get(attack.name, "")
    name = attack.name + (" (short)" if attack.short else "")
    found = [_found(attack, report) for report in reports]
    return f"| {' | '.join(map(_plain, [name, attack.channel, attack.sentence, real, *found]))} |"


def _found(attack: Attack, report: Report) -> str:
    successes = report.attacks[attack.name].successes
    if attack.known:
        return f"known: {attack.known}" if successes else "nothing"
    return "; ".join(successes) or "nothing"


def _honest(reports: Sequence[Report]) -> str:
    styles = [one.style for one in HONEST if one.style]
    lost = {one.name: [result for report in reports for result in report.honest[one.name].successes] for one in HONEST}
    others = [one for one in HONEST if not one.style]
    rows = [f"| {one.name} | {one.sentence} | {'; '.join(lost[one.name]) or 'nothing'} |" for one in others]
    of_styles = "; ".join(f"{one.style}: {'; '.join(lost[one.name])}" for one in HONEST if one.style and lost[one.name])
    return "\n".join(
        [
            "## Odd and right\n\nEach of these must get all points, at every level.\n",
            "| notebook | it | lost |\n| --- | --- | --- |",
            *rows,
            f"\n{len(styles)} more are the reference in the styles of `solutions/styles`: {', '.join(styles)}.",
            f"They lost: {of_styles or 'nothing'}.\n",
        ]
    )


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("*", "\\*").replace("__", "\\_\\_").replace("<", "&lt;")
