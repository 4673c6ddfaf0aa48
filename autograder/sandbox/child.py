"""The single-use process in which a student's code runs: cells first, then calls of the functions they define.

It is given the notebook and the arguments of calls, and no more: no probe, no check, no answer is here. What it sends
is read with distrust.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.checks import student
from autograder.checks.calls import answer, refused
from autograder.checks.fault import describe
from autograder.checks.limit import TimeUp, time_limit
from autograder.checks.quiet import quiet
from autograder.sandbox.frames import Connection
from autograder.sandbox.shell import Shell

CELL_BYTES = 1_000_000
"""What is kept of the outputs of one cell."""


def run_job(connection: Connection, folder: str) -> None:
    """Run a job and send what comes of it.

    Args:
        connection: the job is read from it, results are written to it.
        folder: an empty folder; the notebook's files are put there.
    """
    job = connection.receive()
    for name, content in job["files"].items():
        target = Path(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(base64.b64decode(content))
    student.judged_elsewhere()
    shell = Shell(output_bytes=CELL_BYTES)
    for number, step in enumerate(job["steps"]):
        if number in job["skip"]:
            continue
        connection.send({"step": number})
        if step["cell"] is None:
            _use(connection, shell, step, job["call_seconds"])
        else:
            result = shell.run_cell(step["source"], job["cell_seconds"])
            connection.send({"cell": step["cell"], "outputs": result.outputs})
    connection.send({"done": True})


def _use(connection: Connection, shell: Shell, step: Mapping[str, Any], seconds: float) -> None:
    """Answer the calls of one exercise; what came to no end once is not waited for again."""
    subject = student.subject_in(shell.namespace, step["exercise"])
    late = ""
    for call in step["calls"]:
        if not late:
            with quiet():
                try:
                    with time_limit(seconds):
                        answered = answer(subject, call)
                except TimeUp as error:
                    answered = late = refused(describe(error))
        connection.send({"answer": answered, "exercise": step["exercise"]})
