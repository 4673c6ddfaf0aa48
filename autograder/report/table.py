"""Graded submissions and verdicts as text for a terminal."""

from collections.abc import Sequence

from autograder.checks.card import text
from autograder.model import GradedSubmission, Outcome, Verdict


def gradebook_table(graded: Sequence[GradedSubmission]) -> str:
    """Return one row per submission: score of each exercise, score, outcome, and why a submission was not judged."""
    exercises = list(dict.fromkeys(verdict.exercise for submission in graded for verdict in submission.verdicts))
    head = ["student", "assignment", *exercises, "score", "outcome", ""]
    rows = [
        [
            submission.student,
            submission.assignment,
            *(_exercise_score(submission, exercise) for exercise in exercises),
            f"{submission.score:g}/{submission.max_score:g}",
            submission.outcome.value,
            submission.message,
        ]
        for submission in graded
    ]
    return "\n".join([*_aligned([head, *rows]), "", summary(graded)])


def _exercise_score(submission: GradedSubmission, exercise: str) -> str:
    verdicts = [verdict for verdict in submission.verdicts if verdict.exercise == exercise]
    if not verdicts:
        return "-"
    return f"{sum(v.points for v in verdicts):g}/{sum(v.max_points for v in verdicts):g}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    clean = [["".join(c if c.isprintable() else "?" for c in cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*clean, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in clean]


def summary(graded: Sequence[GradedSubmission]) -> str:
    """Return one line that counts the submissions by outcome."""
    counts = {outcome: sum(submission.outcome is outcome for submission in graded) for outcome in Outcome}
    parts = [f"{count} {outcome.value}" for outcome, count in counts.items() if count]
    return f"{len(graded)} graded: {', '.join(parts)}" if parts else "nothing graded"


def verdict_lines(verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts of one notebook by exercise, and its score."""
    got, full = sum(v.points for v in verdicts), sum(v.max_points for v in verdicts)
    blocks = [
        "\n".join([f"{exercise}:", *(text(verdict) for verdict in verdicts if verdict.exercise == exercise), ""])
        for exercise in dict.fromkeys(verdict.exercise for verdict in verdicts)
    ]
    return "\n".join([*blocks, f"score: {got:g} of {full:g}"])
