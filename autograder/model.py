"""The few values that cross every border of the autograder (standard library only).

An exercise is judged by what a *probe* observes when it uses the student's function, the *subject*, on a *case*.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Value = Any
"""What an observation may hold: a numpy array, a number, a string, or a flat tuple of numbers and strings."""

Observation = Mapping[str, Value]
"""What a probe saw: field names to values, in the order in which they were observed."""

RAISED = "raised"
"""The field that a broken-off observation ends with: what the subject raised, as (type, message, line)."""


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "PASSED"
    FAILED = "FAILED"  # judged, and wrong: the subject's exceptions included
    TIMEOUT = "TIMEOUT"  # the subject used up its time
    SKIPPED = "SKIPPED"  # cannot be judged in this place; says why
    ERROR = "ERROR"  # our fault; never costs points


@dataclass(frozen=True)
class Case:
    """Fresh inputs for one use of a subject.

    Args:
        name: what tells this case from the exercise's others, as a short word.
        seed: where the probe draws arrays and weights from.
        values: the arguments and shapes of this case, by name.
    """

    name: str
    seed: int
    values: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        """Return one value of the case."""
        return self.values[key]


Probe = Callable[[Any, Case], Iterator[tuple[str, Value]]]
"""Uses the subject (a `checks.calls.Asked`) on a case and yields what it sees, field by field, so that a late fault
leaves the early fields."""


@dataclass(frozen=True)
class Difference:
    """How an observed field departs from the expected one, in words for the student."""

    what: str
    expected: str
    got: str


Rule = Callable[[Value, Value], Difference | None]
"""Compares (expected, got); None means that they agree."""


@dataclass(frozen=True)
class Check:
    """One graded property of an exercise.

    Args:
        name: the check's name, which is its `grade_id` everywhere: letters, digits, `_` and `-`.
        sentence: what is true of a right answer, said to the student.
        points: what it is worth.
        fields: the fields of the observation that it judges.
        rule: how each field is compared.
        look_at: where a student whose answer fails should look first.
        needs_same_draws: whether the recorded result depends on how the installed TensorFlow draws random numbers.
        rules: field to how it is compared, where that is not by `rule`.
    """

    name: str
    sentence: str
    points: float
    fields: tuple[str, ...]
    rule: Rule
    look_at: str
    needs_same_draws: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict, hash=False)

    def rule_of(self, name: str) -> Rule:
        """Return how a field is compared."""
        return self.rules.get(name, self.rule)


@dataclass(frozen=True)
class Nearest:
    """What is certain of a wrong answer that is none of the known mistakes.

    Args:
        sentence: said to the student.
        right: fields that agree with the reference on every public case.
        among: all fields that differ are among these; empty if others may differ as well.
    """

    sentence: str
    right: tuple[str, ...] = ()
    among: tuple[str, ...] = ()

    def fits(self, wrong: Collection[str]) -> bool:
        """Tell whether the statement holds where these fields differ."""
        return not set(self.right) & set(wrong) and (not self.among or set(wrong) <= set(self.among))


@dataclass(frozen=True)
class Exercise:
    """One gap: a function to be written, how it is observed, and what is judged.

    Args:
        name: the name of the function.
        reference: where the reference stands, as `module:function`.
        probe: what uses the subject.
        draw: makes the cases from a seed; the public cases come from `PUBLIC_SEED`, the secret ones from a secret.
        tried: says in one sentence what a case does, for the student.
        checks: what is judged.
        nearest: what is said of a wrong answer that is no known mistake; the first that fits.
    """

    name: str
    reference: str
    probe: Probe
    draw: Callable[[int], tuple[Case, ...]]
    tried: Callable[[Case], str]
    checks: tuple[Check, ...]
    nearest: tuple[Nearest, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """One notebook with its exercises."""

    name: str
    title: str
    exercises: tuple[Exercise, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """All checks, in the order of the notebook."""
        return tuple(check for exercise in self.exercises for check in exercise.checks)

    def find(self, check_name: str) -> tuple[Exercise, Check]:
        """Return a check and its exercise by the check's name.

        Raises:
            KeyError: if the assignment has no such check.
        """
        for exercise in self.exercises:
            for check in exercise.checks:
                if check.name == check_name:
                    return exercise, check
        raise KeyError(check_name)


@dataclass(frozen=True)
class Verdict:
    """What became of one check, in values that JSON can hold.

    `mistake` is the name of the mistake behind a wrong answer, of two joined by ` + `, or None if it is not known;
    `named` says it in a sentence, `hint` which property is wrong, `where` the line or layer to look at.
    """

    check: str
    exercise: str
    outcome: Outcome
    points: float
    max_points: float
    sentence: str
    message: str = ""
    tried: str = ""
    expected: str = ""
    got: str = ""
    look_at: str = ""
    mistake: str | None = None
    named: str = ""
    hint: str = ""
    where: str = ""


@dataclass(frozen=True)
class Limits:
    """What one submission may use while it is graded; what is beyond is cut off, and the rest still judged.

    Args:
        call_seconds: real time for one use of a subject; a block takes a fiftieth of a second.
        cell_seconds: real time for one cell.
        submission_seconds: real time for the whole notebook.
        memory_bytes: memory of all its processes together, beyond what they share with the zygote.
        folder_bytes: what its temporary folder holds.
        processes: processes and threads at a time.
        open_files: open files of one process.
        output_bytes: all that it writes, shows and answers.
    """

    call_seconds: float = 30
    cell_seconds: float = 120
    submission_seconds: float = 600
    memory_bytes: int = 3 << 30
    folder_bytes: int = 256 << 20
    processes: int = 512
    open_files: int = 1024
    output_bytes: int = 64 << 20


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one assignment: a folder that should hold one notebook."""

    student: str
    assignment: str
    path: str


@dataclass(frozen=True)
class GradedSubmission:
    """A submission with its verdicts; `outcome` is ERROR when the grading itself broke."""

    student: str
    assignment: str
    outcome: Outcome
    score: float
    max_score: float
    seconds: float
    verdicts: tuple[Verdict, ...] = ()
    repairs: tuple[str, ...] = ()
    message: str = ""
