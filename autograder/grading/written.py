"""The executed notebook, written by the trusted side: outputs of cells with distrust, verdicts in the grade cells."""

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.checks.card import Card
from autograder.checks.student import CheckFailed
from autograder.grading.cells import grade_id, is_code
from autograder.grading.classroom import Classroom
from autograder.grading.files import write_whole
from autograder.grading.prepare import REPAIRS, Prepared
from autograder.model import Outcome, Submission, Verdict

STREAMS = ("stdout", "stderr")


def write_executed(
    classroom: Classroom,
    submission: Submission,
    prepared: Prepared,
    outputs: Mapping[int, Sequence[Any]],
    verdicts: Sequence[Verdict],
) -> None:
    """Write the notebook of a submission as it was run, where formgrader and the feedback page look for it.

    Args:
        classroom: where the submission lies.
        submission: whose it is.
        prepared: the mended notebook.
        outputs: cell number to what the cell showed; anything may stand there.
        verdicts: what was judged; they stand in the cells of their checks.
    """
    notebook = copy.deepcopy(prepared.notebook)
    notebook.metadata["residual_course"] = {REPAIRS: list(prepared.repairs)}
    by_check = {verdict.check: verdict for verdict in verdicts}
    count = 0
    for number, cell in enumerate(notebook.cells):
        verdict = by_check.get(grade_id(cell) or "")
        if verdict is None and number not in outputs:
            continue
        if not is_code(cell):
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = _of_a_check(verdict) if verdict else [*filter(None, map(sound, outputs[number]))]
        for output in cell.outputs:
            if output["output_type"] == "execute_result":
                output["execution_count"] = count
    text = json.dumps(notebook, ensure_ascii=False, sort_keys=True)  # in one line, which takes a tenth of the time
    write_whole(classroom.executed(submission), text.encode("utf-8", errors="replace").decode() + "\n")


def _of_a_check(verdict: Verdict) -> list[dict[str, Any]]:
    """Return what a grade cell shows: the card, and where points were lost the error that nbgrader would see."""
    shown: list[dict[str, Any]] = [
        {"output_type": "display_data", "data": Card(verdict, secret=True)._repr_mimebundle_(), "metadata": {}}
    ]
    if verdict.outcome is not Outcome.PASSED:
        sentence = f"{verdict.check} {verdict.outcome.value.lower()}; the lines above say why."
        kind = CheckFailed.__name__
        shown.append({"output_type": "error", "ename": kind, "evalue": sentence, "traceback": [f"{kind}: {sentence}"]})
    return shown


def sound(output: Any) -> dict[str, Any] | None:
    """Return an output with the fields that nbformat asks for and no others, or None if it is none."""
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = output.get("name")
        return {"output_type": kind, "name": name if name in STREAMS else "stdout", "text": str(output.get("text", ""))}
    if kind == "error":
        lines = output.get("traceback")
        words = {key: str(output.get(key, "")) for key in ("ename", "evalue")}
        return {"output_type": kind, **words, "traceback": list(map(str, lines)) if isinstance(lines, list) else []}
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    clean = {str(name): value for name, value in data.items() if "/" in name and isinstance(value, str)}
    return {"output_type": kind, "data": clean, "metadata": {}}
