"""Verdicts from what a student's functions answered; reached in the trusted process, without running any of it."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.calls import refused
from autograder.checks.catalogue import load_catalogue
from autograder.checks.diagnose import Known, Trace, diagnosed, traces_of
from autograder.checks.engine import PUBLIC_SEED, judge
from autograder.course.reference import Expected
from autograder.course.shown import Shown
from autograder.errors import CourseError
from autograder.grading.hidden import without_cases
from autograder.model import Assignment, Exercise, Observation, Outcome, Verdict

Evaluate = Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, str]]]
"""Turns the cases of an exercise and answers into observations, see `sandbox.evaluator.evaluated`."""

FindPair = Callable[[str, Sequence[Trace]], Sequence[Known]]

ShownBy = Callable[[str, str, int], Shown | None]
"""What a mistake of an exercise, both by name, shows on the cases of a seed."""

NOT_ANSWERED = refused(("SubjectFault", "the code ended before it was asked", ""))

REMEMBERED = 4096
"""Exercises whose verdicts are kept; the same answers on the same cases have the same verdicts."""


class Judge:
    """Judges exercises; safe to use from several threads.

    Args:
        assignment: what is judged.
        evaluate: turns answers into observations.
        find_pair: finds two mistakes in one answer, by the exercise's name and the trace.
        shown_by: observes a mistake; without it none is confirmed.
    """

    def __init__(
        self,
        assignment: Assignment,
        evaluate: Evaluate,
        find_pair: FindPair | None = None,
        shown_by: ShownBy | None = None,
    ) -> None:
        """Remember nothing yet."""
        self._assignment, self._evaluate = assignment, evaluate
        self._find_pair, self._shown_by = find_pair, shown_by
        self._known: OrderedDict[bytes, tuple[Verdict, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def verdicts(
        self, exercise: Exercise, seed: int, expected: Sequence[Expected], answers: Sequence[str]
    ) -> tuple[Verdict, ...]:
        """Judge an exercise on the cases of a seed.

        Args:
            exercise: the exercise.
            seed: what its cases are drawn from.
            expected: what the reference shows on each case.
            answers: what the student's function answered to each call, case after case; may be too few.

        Returns:
            A verdict for each check.

        Raises:
            CourseError: if it cannot be judged here; never a student's fault.
        """
        key = hashlib.sha256(repr((exercise.name, seed, expected, answers)).encode(errors="surrogatepass")).digest()
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = self._judged(exercise, seed, expected, answers)
        if any(verdict.outcome is Outcome.TIMEOUT for verdict in found):
            return found  # perhaps the machine was busy, which must not be everybody's verdict who answers the same
        with self._lock:
            self._known[key] = found
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def confirms(
        self, exercise: Exercise, seed: int, expected: Sequence[Expected], answers: Sequence[str], called: str
    ) -> bool:
        """Tell whether a wrong answer is a known mistake on the cases of a seed as well.

        Args:
            exercise: the exercise.
            seed: what its cases are drawn from.
            expected: what the reference shows on each case.
            answers: what the student's function answered, as for `verdicts`.
            called: name of the mistake, or of two, by which it goes on the public cases.

        Returns:
            Whether it fails the same checks there and leaves the same traces.
        """
        known = self._shown_by(exercise.name, called, seed) if self._shown_by else None
        if known is None:
            return False
        right, got = self._seen(exercise, seed, expected, answers)
        try:
            seen = [codec.loads(data) for data in got]
        except codec.BadObservation:
            return False
        failed = tuple(_failed(self.verdicts(exercise, seed, expected, answers)))
        return known.is_like(Shown(failed, traces_of(right, seen)))

    def _judged(
        self, exercise: Exercise, seed: int, expected: Sequence[Expected], answers: Sequence[str]
    ) -> tuple[Verdict, ...]:
        right, seen = self._seen(exercise, seed, expected, answers)
        cases = exercise.draw(seed)
        verdicts = tuple(judge(exercise, check, cases, right, seen) for check in exercise.checks)
        if seed == PUBLIC_SEED:
            known = load_catalogue(self._assignment.name, exercise)
            pair = partial(self._find_pair, exercise.name) if self._find_pair else None
            found = diagnosed(exercise, right, seen, known, pair)
            verdicts = tuple(replace(one, **found) if one.outcome is Outcome.FAILED else one for one in verdicts)
        for verdict in verdicts:
            if verdict.outcome is Outcome.SKIPPED:  # the reference was observed with the same TensorFlow
                raise CourseError(f"{verdict.check} cannot be judged: the random numbers differ from the reference's.")
        return verdicts

    def _seen(
        self, exercise: Exercise, seed: int, expected: Sequence[Expected], answers: Sequence[str]
    ) -> tuple[list[Observation], list[bytes]]:
        """Return what the reference shows on each case, and what the answers do."""
        left = [*answers, *[NOT_ANSWERED] * sum(len(case.calls) for case in expected)]
        asked = {"assignment": self._assignment.name, "exercise": exercise.name, "seed": seed}
        requests = []
        for number, case in enumerate(expected):
            mine, left = left[: len(case.calls)], left[len(case.calls) :]
            requests.append({**asked, "case": number, "calls": list(case.calls), "answers": mine})
        results = self._evaluate(requests)
        if any("needs" in result for result in results):
            raise CourseError(
                f"The probe of {exercise.name} uses the function in another way than on the reference: let what it "
                "calls not depend on what it was answered."
            )
        right = [codec.read(case.observation.encode()) for case in expected]
        return right, [result["observation"].encode() for result in results]


def never(called: str) -> bool:
    """Confirm no mistake."""
    return False


def with_public_words(
    secret: Sequence[Verdict], public: Sequence[Verdict] | None, confirms: Callable[[str], bool] = never
) -> tuple[Verdict, ...]:
    """Give failed verdicts the words of the same checks on public cases; points hang on the secret ones alone.

    Without public ones, as where nothing failed, no word tells of a secret case. A mistake is named where the same
    checks fail on both; where others do, only if it is confirmed, else the function does something else on other cases.

    Args:
        secret: an exercise's verdicts on secret cases.
        public: those on public cases.
        confirms: tells whether the answer is on the secret cases what a mistake, called by its name, shows there.

    Returns:
        The verdicts on secret cases, in the words of the public ones.
    """
    if public is None:
        return tuple(map(without_cases, secret))
    named = next((verdict for verdict in public if verdict.mistake), None)
    if _failed(secret) != _failed(public) and not (named and named.mistake and confirms(named.mistake)):
        named, public = None, [replace(verdict, **NAMELESS) for verdict in public]
    return tuple(
        replace(words, outcome=verdict.outcome, points=verdict.points)
        if verdict.outcome is not Outcome.PASSED and words.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
        else _named_as(named, without_cases(verdict))
        for verdict, words in zip(secret, public, strict=True)
    )


NAMELESS: Mapping[str, Any] = {"mistake": None, "named": "", "hint": "", "where": ""}

BY_THE_SAME = "wrong on other cases than the public ones, by the mistake that is named for this function"


def _named_as(named: Verdict | None, verdict: Verdict) -> Verdict:
    """Give a check that fails on secret cases only the name of the mistake that is confirmed there."""
    if named is None or verdict.outcome is not Outcome.FAILED:
        return verdict
    return replace(verdict, message=BY_THE_SAME, **{field: getattr(named, field) for field in NAMELESS})


def _failed(verdicts: Sequence[Verdict]) -> list[str]:
    return [verdict.check for verdict in verdicts if verdict.outcome is Outcome.FAILED]
