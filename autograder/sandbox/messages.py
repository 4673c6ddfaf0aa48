"""What the trusted side tells a single-use process, and what it keeps of what that says."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autograder.checks.calls import refused
from autograder.sandbox.job import Job, Ran

SENTENCES = {
    "time": "the whole notebook took longer than it may",
    "memory": "the code used more memory than it may",
    "exit": "the code ended its own Python process, as os._exit does",
    "signal": "the code made its Python process crash",
    "output": "the code wrote more than it may",
    "killed": "the system ended the code's process, again and again: does it use too much memory?",
    "stopped": "the code wrote into the grader's own channel",
}
"""Why a process did not come to its end, for the student."""


def told(job: Job, skip: set[int]) -> dict[str, Any]:
    """Return what the process is told."""
    return {
        "steps": [asdict(step) for step in job.steps],
        "skip": sorted(skip),
        "files": dict(job.files),
        "call_seconds": job.limits.call_seconds,
        "cell_seconds": job.limits.cell_seconds,
    }


def answered(job: Job, ran: Ran) -> set[int]:
    """Return the steps whose calls are all answered: their answers count, and the subject is not used again."""
    return {
        number
        for number, step in enumerate(job.steps)
        if step.cell is None and len(ran.answers.get(step.exercise, [])) == len(step.calls)
    }


def keep(job: Job, ran: Ran, message: Mapping[str, Any], length: int) -> None:
    """Keep an answer or the outputs of a cell; what nobody asked for is dropped.

    Outputs are dropped also beyond the limit for all of them together, since code that ends its process cell after cell
    may send as much in each of the next ones.
    """
    if "answer" in message:
        exercise, text = message["exercise"], message["answer"]
        wanted = sum(len(step.calls) for step in job.steps if step.cell is None and step.exercise == exercise)
        if isinstance(text, str) and exercise in ran.answers and len(ran.answers[exercise]) < wanted:
            ran.answers[exercise].append(text)
    elif message["cell"] not in ran.outputs and any(step.cell == message["cell"] for step in job.steps):
        ran.bytes += length
        if ran.bytes <= job.limits.output_bytes:
            ran.outputs[int(message["cell"])] = list(message["outputs"])


def note_break(job: Job, ran: Ran, step: int | None, end: str) -> None:
    """Put why a process broke off in the place of what is missing; a step of None stands for all of them."""
    sentence = SENTENCES.get(end, SENTENCES["stopped"])
    kind = "TimeUp" if end == "time" else "SubjectFault"
    broken = job.steps[step] if step is not None else None
    for one in job.steps if broken is None else [broken]:
        if one.cell is None:
            answers = ran.answers.setdefault(one.exercise, [])
            answers += [refused((kind, sentence, ""))] * (len(one.calls) - len(answers))
    if broken is not None and broken.cell is not None:
        words = {"ename": "ProcessEnded", "evalue": sentence, "traceback": [f"ProcessEnded: {sentence}"]}
        ran.outputs[broken.cell] = [{"output_type": "error", **words}]
