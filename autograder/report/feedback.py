"""The feedback page of one student and one assignment: one file, without scripts, that loads nothing.

Points and verdicts are told in the upper part, from what was graded. Below stands the notebook as it was run, where
anything may be written: nothing there can look like a verdict, or change what stands above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from nbformat import NotebookNode

from autograder.checks.card import html as card
from autograder.checks.told import with_references
from autograder.model import GradedSubmission, Outcome, Verdict
from autograder.report.cells import notebook_html, solution_cells
from autograder.report.page import page

OUR_FAULT = "The grading broke. This is no fault of yours and costs no points: it will be graded again."
"""Instead of the reason, which is for the instructor and may tell paths and lines that no student should see."""


def feedback_html(
    graded: GradedSubmission, notebook: NotebookNode | None, person: Sequence[tuple[str, str]] = ()
) -> str:
    """Return the feedback page of a submission.

    Args:
        graded: what became of it.
        notebook: as it was run while grading; None if there is none to show.
        person: what a person entered in formgrader: cell, and comment or points.
    """
    places = solution_cells(notebook) if notebook else {}
    exercises = _by_exercise(graded.verdicts)
    sections = [
        _message(graded),
        _person(person),
        _repairs(graded.repairs),
        *(_exercise(name, verdicts, places.get(name)) for name, verdicts in exercises.items()),
        _notebook(notebook, graded.verdicts) if notebook else "",
    ]
    main = "\n".join(filter(None, sections))
    contents = _contents(graded, exercises, notebook is not None)
    body = f'{_header(graded)}\n{contents}\n<main id="main">\n{main}\n</main>'
    return page(escape(f"Feedback on {graded.assignment} for {graded.student}"), body)


def _by_exercise(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    exercises: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        exercises.setdefault(verdict.exercise, []).append(verdict)
    return exercises


def _not_judged(graded: GradedSubmission) -> bool:
    """Tell whether there is no score yet because of a fault that is ours."""
    return graded.outcome is Outcome.ERROR and not graded.verdicts


def _header(graded: GradedSubmission) -> str:
    points = f"<strong>{graded.score:g}</strong> of {graded.max_score:g} points"
    return (
        '<a class="skip" href="#main">Skip to the verdicts</a>\n'
        f"<header>\n<h1>Feedback on <code>{escape(graded.assignment)}</code></h1>\n"
        f'<p class="who">for <bdi>{escape(graded.student)}</bdi></p>\n'
        f'<p class="total">{"not graded yet" if _not_judged(graded) else points}</p>\n</header>'
    )


def _contents(graded: GradedSubmission, exercises: Mapping[str, Sequence[Verdict]], has_notebook: bool) -> str:
    """Return the score of each exercise, which is the table of contents as well."""
    rows = "".join(
        f'<tr><th scope="row"><a href="#exercise-{escape(name)}"><code>{escape(name)}</code></a></th>'
        f'<td class="n">{_passed(verdicts)} of {len(verdicts)}</td><td class="n">{_points(verdicts)}</td></tr>'
        for name, verdicts in exercises.items()
    )
    if not rows:
        return ""
    link = '<p><a href="#notebook">Your notebook as it was run</a></p>' if has_notebook else ""
    return (
        '<nav aria-label="Score and contents">\n<table><thead><tr><th scope="col">exercise</th>'
        '<th scope="col" class="n">checks passed</th><th scope="col" class="n">points</th></tr></thead>'
        f'<tbody>{rows}</tbody><tfoot><tr><th scope="row">together</th>'
        f'<td class="n">{_passed(graded.verdicts)} of {len(graded.verdicts)}</td>'
        f'<td class="n">{graded.score:g} of {graded.max_score:g}</td></tr></tfoot></table>\n{link}</nav>'
    )


def _passed(verdicts: Sequence[Verdict]) -> int:
    return sum(verdict.outcome is Outcome.PASSED for verdict in verdicts)


def _points(verdicts: Sequence[Verdict]) -> str:
    return f"{sum(verdict.points for verdict in verdicts):g} of {sum(verdict.max_points for verdict in verdicts):g}"


def _message(graded: GradedSubmission) -> str:
    if not graded.message:
        return ""
    words = OUR_FAULT if graded.outcome is Outcome.ERROR else f"The reason: {graded.message}."
    return f"<section>\n<h2>Nothing could be judged</h2>\n<p>{escape(words)}</p>\n</section>"


def _person(said: Sequence[tuple[str, str]]) -> str:
    if not said:
        return ""
    items = "".join(
        f'<li><code>{escape(cell)}</code>: <span style="white-space:pre-wrap">{escape(words)}</span></li>'
        for cell, words in said
    )
    return f"<section>\n<h2>From the person who graded</h2>\n<ul>{items}</ul>\n</section>"


def _repairs(repairs: Sequence[str]) -> str:
    if not repairs:
        return ""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in repairs)
    return (
        '<section>\n<h2>What was repaired before grading</h2>\n<p class="aside">None of this costs points.</p>\n'
        f"<ul>{items}</ul>\n</section>"
    )


def _exercise(name: str, verdicts: Sequence[Verdict], place: int | None) -> str:
    link = "" if place is None else f' Your code: <a href="#cell-{place}">in the notebook below</a>.'
    said = [replace(one, message=OUR_FAULT) if one.outcome is Outcome.ERROR else one for one in verdicts]
    cards = "\n".join(
        f'<li id="check-{escape(verdict.check)}">{card(verdict, above, unfolded=True)}</li>'
        for verdict, above in with_references(said)
    )
    return (
        f'<section id="exercise-{escape(name)}">\n<h2><code>{escape(name)}</code>: {_points(verdicts)} points</h2>\n'
        f'<p class="aside">{_passed(verdicts)} of {len(verdicts)} checks passed.{link}</p>\n'
        f'<ol class="verdicts">\n{cards}\n</ol>\n</section>'
    )


def _notebook(notebook: NotebookNode, verdicts: Sequence[Verdict]) -> str:
    cells = notebook_html(notebook, {verdict.check: verdict for verdict in verdicts})
    return (
        '<section id="notebook">\n<h2>Your notebook as it was run</h2>\n<p class="aside">Outputs were made anew while '
        "grading, up to 20,000 characters a cell. Points and verdicts are told above alone.</p>\n"
        f"{cells}\n</section>"
    )
