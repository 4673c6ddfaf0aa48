"""Observe a subject, judge an observation: the two halves of every check, which meet only through bytes.

`observe` runs where the student's code runs and sees no answer. `judge` runs where the answers are and sees no code.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.checks import observation as codec
from autograder.checks.calls import Ask, Asked, SubjectRaised, answer
from autograder.checks.explain import explained
from autograder.checks.fault import SubjectFault, describe, kind_of
from autograder.checks.layer_pool import Loan
from autograder.checks.limit import TimeUp, time_limit
from autograder.checks.quiet import quiet
from autograder.checks.undisturbed import undisturbed
from autograder.model import RAISED, Case, Check, Difference, Exercise, Observation, Outcome, Probe, Value, Verdict

PUBLIC_SEED = 0
"""The public cases of every exercise are drawn from this seed."""

CANARY = "canary"
"""The field that tells a TensorFlow which draws other numbers from a student who is wrong."""

CASE_SECONDS = 30
"""How long a subject may take for one case; a block takes a fifth of a second."""

LONGEST_WORDS = 10_000
"""Characters of each text of a verdict: a layer's name, or what a process says that was raised, may have millions."""

STUB = "This gap is still empty"
"""How the message begins of what stands in an empty gap; the whole of it is in nbgrader_config.py."""

EMPTY_GAP = "the gap of {} is still empty: write your code between its two markers and run the cell"


def observe(probe: Probe, subject: Callable[..., Any], case: Case) -> bytes:
    """Use a subject of this process on a case and write down what the probe sees.

    Args:
        probe: yields (field, value) pairs.
        subject: the student's object; whatever it raises ends the observation and becomes its last field.
        case: what to use it on.

    Returns:
        The observation, as `observation.dumps` writes it.
    """

    def ask(call: str) -> str:
        with undisturbed():
            return answer(subject, call)

    return observe_from_afar(probe, ask, case)


def observe_from_afar(probe: Probe, ask: Ask, case: Case) -> bytes:
    """Use a subject wherever it is on a case and write down what the probe sees.

    Args:
        probe: yields (field, value) pairs.
        ask: brings a call to the subject, and its answer back.
        case: what to use it on.

    Returns:
        The observation, as `observation.dumps` writes it.
    """
    fields: dict[str, str] = {}
    loan, ended = Loan(), False
    with quiet():
        try:
            with (
                time_limit(CASE_SECONDS),
                contextlib.closing(probe(Asked(ask, loan.layer), case)) as pairs,  # type: ignore[type-var]  # a generator
            ):
                for name, value in pairs:
                    fields[name] = _crossing(value)
            ended = True
        except SubjectRaised as error:
            fields[RAISED] = codec.written(error.described)
        except (Exception, SystemExit, TimeUp) as error:
            fields[RAISED] = codec.written(describe(error))
    if ended:  # what was interrupted is not used again
        loan.give_back()
    return codec.joined(fields)


def _crossing(value: Value) -> str:
    """Return a value as it crosses, or raise if it cannot."""
    with contextlib.suppress(codec.BadObservation):
        text = codec.written(value)
        if len(text) <= codec.MAX_BYTES:
            return text
    raise SubjectFault(f"the function gave an object of type {kind_of(value)}, which cannot be judged")


def judge(
    exercise: Exercise, check: Check, cases: Sequence[Case], expected: Sequence[Observation], got: Sequence[bytes]
) -> Verdict:
    """Judge one check on all cases, from bytes that nobody vouches for.

    Args:
        exercise: the exercise of the check.
        check: what to judge.
        cases: the cases that were observed.
        expected: the reference's observation of each case.
        got: the subject's observation of each case, as `observe` returned it.

    Returns:
        The verdict; a failed one describes the first case that went wrong.
    """
    for case, right, data in zip(cases, expected, got, strict=True):
        try:
            seen = codec.read(data)
        except codec.BadObservation as error:
            return _failed(exercise, check, case, Difference(f"the observation cannot be read: {error}", "", ""))
        if check.needs_same_draws and CANARY in seen and close_draws(right, seen) is False:
            return _verdict(exercise, check, Outcome.SKIPPED, message=OTHER_DRAWS)
        difference = _compare(exercise, check, right, seen)
        if difference is not None:
            outcome = Outcome.TIMEOUT if timed_out(data) and not difference.expected else Outcome.FAILED
            return _failed(exercise, check, case, difference, outcome)
    return _verdict(exercise, check, Outcome.PASSED)


def timed_out(data: bytes) -> bool:
    """Tell whether an observation was broken off because its time was used up."""
    raised = codec.read(data).get(RAISED)
    return isinstance(raised, tuple) and raised[:1] == (TimeUp.__name__,)


OTHER_DRAWS = (
    "Not judged here: the TensorFlow installed on this machine draws other numbers from a seed than the recorded "
    "results were made with. This is no mistake of yours, and the other checks hold."
)


def close_draws(right: Observation, seen: Observation) -> bool:
    """Tell whether both observations were made with the same random numbers."""
    return np.array_equal(right[CANARY], seen[CANARY])


def _compare(exercise: Exercise, check: Check, right: Observation, seen: Observation) -> Difference | None:
    for field in check.fields:
        if field not in seen:
            return _broken_off(exercise, seen.get(RAISED))
        difference = check.rule_of(field)(right[field], seen[field])
        if difference is not None:
            return Difference(f"{field.replace('_', ' ')}: {difference.what}", difference.expected, difference.got)
    return None


def _broken_off(exercise: Exercise, raised: Value) -> Difference:
    return Difference(broken_off(exercise.name, raised), "", "")


def broken_off(name: str, raised: Value) -> str:
    """Say why a function could not be observed to the end.

    Args:
        name: the function's name.
        raised: (type, message, line) of what it raised, as `fault.describe` gives it; anything else is not understood.
    """
    if not isinstance(raised, tuple) or len(raised) != 3:
        return f"{name} could not be observed to the end"
    kind, message, line = map(str, raised)
    if kind == NotImplementedError.__name__ and (not message or message.startswith(STUB)):
        return EMPTY_GAP.format(name)
    if kind == SubjectFault.__name__:
        return message
    if kind == TimeUp.__name__:
        return f"{name} came to no end" + (f" within {CASE_SECONDS} seconds, in {line}" if line else f": {message}")
    why = explained(name, kind, message, line)
    told = f"{name} raised {kind}" + (f" in {line}" if line else "") + (f" ({message})" if message else "")
    return f"{why}{'' if why.endswith('?') else '.'} {told}" if why else told


def _failed(
    exercise: Exercise, check: Check, case: Case, difference: Difference, outcome: Outcome = Outcome.FAILED
) -> Verdict:
    return _verdict(
        exercise,
        check,
        outcome,
        message=_cut(difference.what),
        tried="" if difference.what == EMPTY_GAP.format(exercise.name) else exercise.tried(case),
        expected=_cut(difference.expected),
        got=_cut(difference.got),
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_WORDS else text[:LONGEST_WORDS] + " …"


def _verdict(exercise: Exercise, check: Check, outcome: Outcome, **words: str) -> Verdict:
    return Verdict(
        check=check.name,
        exercise=exercise.name,
        outcome=outcome,
        points=check.points if outcome is Outcome.PASSED else 0.0,
        max_points=check.points,
        sentence=check.sentence,
        # Advice on values helps nobody whose function broke off before it made any.
        look_at=check.look_at if words.get("expected") else "",
        **words,
    )
