"""Graded submissions and verdicts as text for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.checks.card import HINTS, text
from autograder.checks.told import with_references
from autograder.model import GradedSubmission, Outcome, Verdict
from autograder.report.printable import printable


@dataclass(frozen=True)
class Row:
    """What the table says of one submission."""

    student: str
    assignment: str
    exercises: tuple[tuple[str, str], ...]
    score: str
    outcome: Outcome
    message: str


class Table:
    """One row per submission; only what is shown is kept, as a class may have a hundred thousand."""

    def __init__(self) -> None:
        """Begin an empty table."""
        self.rows: list[Row] = []

    def add(self, graded: GradedSubmission) -> None:
        """Add a submission."""
        exercises = dict.fromkeys(verdict.exercise for verdict in graded.verdicts)
        self.rows.append(
            Row(
                graded.student,
                graded.assignment,
                tuple((exercise, _exercise_score(graded, exercise)) for exercise in exercises),
                f"{graded.score:g}/{graded.max_score:g}",
                graded.outcome,
                graded.message,
            )
        )

    def text(self) -> str:
        """Return the table: score of each exercise, score, outcome, and why a submission was not judged."""
        exercises = list(dict.fromkeys(exercise for row in self.rows for exercise, _ in row.exercises))
        head = ["student", "assignment", *exercises, "score", "outcome", ""]
        lines = [
            [
                row.student,
                row.assignment,
                *(dict(row.exercises).get(exercise, "-") for exercise in exercises),
                row.score,
                row.outcome.value,
                row.message,
            ]
            for row in self.rows
        ]
        return "\n".join([*_aligned([head, *lines]), "", summary([row.outcome for row in self.rows])])


def _exercise_score(submission: GradedSubmission, exercise: str) -> str:
    verdicts = [verdict for verdict in submission.verdicts if verdict.exercise == exercise]
    return f"{sum(v.points for v in verdicts):g}/{sum(v.max_points for v in verdicts):g}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    clean = [[*map(printable, row)] for row in rows]
    widths = [max(map(len, column)) for column in zip(*clean, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in clean]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return one line that counts submissions by outcome."""
    parts = [f"{outcomes.count(outcome)} {outcome.value}" for outcome in Outcome if outcome in outcomes]
    return f"{len(outcomes)} graded: {', '.join(parts)}" if parts else "nothing graded"


def verdict_lines(verdicts: Sequence[Verdict], hints: int = len(HINTS)) -> str:
    """Return the verdicts of one notebook by exercise, with so many hints each, and its score."""
    got, full = sum(v.points for v in verdicts), sum(v.max_points for v in verdicts)
    shown = [(verdict.exercise, text(verdict, above, hints)) for verdict, above in with_references(verdicts)]
    blocks = [
        "\n".join([f"{exercise}:", *(lines for its_exercise, lines in shown if its_exercise == exercise), ""])
        for exercise in dict.fromkeys(verdict.exercise for verdict in verdicts)
    ]
    return "\n".join([*blocks, f"score: {got:g} of {full:g}"])
