"""The process in which probes run: it turns a student's answers into observations, and no code of a student's is here.

It outlives many submissions, with the TensorFlow runtime started once.
"""

from collections.abc import Mapping
from typing import Any

from autograder.checks.engine import observe_from_afar
from autograder.checks.registry import find_assignment
from autograder.model import Case, Exercise
from autograder.sandbox.frames import Closed, Connection


class NeedsCall(BaseException):
    """The probe asks for something that was not answered yet; no Exception, so that no probe takes it for a fault."""


def serve(connection: Connection) -> None:
    """Answer requests until the other side hangs up."""
    while True:
        try:
            request = connection.receive()
        except Closed:
            return
        connection.send(evaluated(request))


def evaluated(request: Mapping[str, Any]) -> dict[str, str]:
    """Observe one case from the answers of a subject.

    Args:
        request: {"assignment", "exercise", "seed", "case": its number, "calls", "answers"}.

    Returns:
        {"observation": text}, or {"needs": call} if the probe asks for more than was answered.
    """
    exercise, case = case_of(request["assignment"], request["exercise"], request["seed"], request["case"])
    answered = list(zip(request["calls"], request["answers"], strict=True))

    def ask(call: str) -> str:
        if not answered or answered[0][0] != call:
            raise NeedsCall(call)
        return str(answered.pop(0)[1])

    try:
        return {"observation": observe_from_afar(exercise.probe, ask, case).decode()}
    except NeedsCall as needs:
        return {"needs": str(needs)}


def case_of(assignment_name: str, exercise_name: str, seed: int, number: int) -> tuple[Exercise, Case]:
    """Return an exercise and one of the cases that it draws from a seed."""
    exercises = {exercise.name: exercise for exercise in find_assignment(assignment_name).exercises}
    exercise = exercises[exercise_name]
    return exercise, exercise.draw(seed)[number]
