"""`python -m bench.margins --write`: how far right answers spread and how near mistakes come, in units of tolerance.

Right answers are observed in processes with one and with two threads, with oneDNN and without, and in larger batches.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from autograder.checks import observation as codec
from autograder.checks.compare import Close
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.course.margins import distances, rules
from autograder.course.mistakes import (
    UNCHANGED,
    Style,
    Variant,
    load_mistakes,
    load_styles,
    make_subject,
    observe_variant,
)
from autograder.model import Case, Exercise, Observation

COURSE = Course(Path(__file__).parents[1])
PAGE = COURSE.root / "docs" / "margins.md"

SEEDS = (PUBLIC_SEED, 1)
"""Of the public cases, and of cases that stand for secret ones."""

WIDE = 100
"""What lies further than this from the reference is seen for certain, and what is nearer than its inverse is right."""

SETTINGS = tuple(itertools.product((1, 2), (False, True)))
"""Threads, and whether oneDNN computes; the last one is usual, and sees the cases of all seeds."""

STYLES_ELSEWHERE = 4
"""How many of an exercise's styles are observed where TensorFlow does not compute as usual."""

LARGER_BATCH = 5
"""Images that are added to a case's batch; what comes of the first ones may only differ in the last digits."""

Observed = Mapping[str, Sequence[Observation]]
"""Key of an exercise, seed and variant to what was observed on the cases."""


@dataclass(frozen=True)
class Setting:
    """How TensorFlow computes in one process."""

    threads: int
    one_dnn: bool

    def __str__(self) -> str:
        """Say it in words."""
        return f"{self.threads} thread{'s' * (self.threads > 1)}, {'with' if self.one_dnn else 'without'} oneDNN"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that TensorFlow reads."""
        return {
            "TF_NUM_INTRAOP_THREADS": str(self.threads),
            "TF_NUM_INTEROP_THREADS": str(self.threads),
            "TF_ENABLE_ONEDNN_OPTS": str(int(self.one_dnn)),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }


USUAL = Setting(*SETTINGS[-1])


def exercises(assignments: Sequence[str]) -> Iterator[tuple[str, Exercise]]:
    """Yield every exercise of some assignments with its key."""
    for name in assignments:
        for exercise in find_assignment(name).exercises:
            yield f"{name} {exercise.name}", exercise


def sample(variants: Sequence[Style], count: int | None) -> Sequence[Style]:
    """Return some variants from all over the list, or all of them."""
    return variants if count is None else variants[:: max(1, -(-len(variants) // count))]


def observe_right(assignments: Sequence[str], file: Path, seeds: Sequence[int], styles: int | None) -> None:
    """Observe right answers in this process on the cases of some seeds and write what was seen."""
    seen: dict[str, list[str]] = {}
    for key, exercise in exercises(assignments):
        for seed in seeds:
            for style in (UNCHANGED, *sample(load_styles(COURSE, exercise), styles)):
                data = observe_variant(COURSE, exercise, style, seed)
                seen[f"{key} {seed} {style.name}"] = [one.decode() for one in data]
            seen[f"{key} {seed} larger batch"] = [one.decode() for one in in_larger_batches(exercise, seed)]
    file.write_text(json.dumps(seen), encoding="utf-8")


def in_larger_batches(exercise: Exercise, seed: int) -> Iterator[bytes]:
    """Observe the reference on cases of an exercise with more images, and keep what is of the case's own images.

    Only fields of inference can be compared: in training mode a batch is normalised as a whole.
    """
    subject = make_subject(COURSE, exercise, UNCHANGED)
    for case in exercise.draw(seed):
        if "batch" not in case.values:
            return
        batch = case["batch"]
        more = codec.loads(observe(exercise.probe, subject, larger(case)))
        yield codec.dumps(
            {
                field: value[:batch]
                for field, value in more.items()
                if isinstance(value, np.ndarray) and len(value) == batch + LARGER_BATCH and "training" not in field
            }
        )


def larger(case: Case) -> Case:
    """Return a case with more images in its batch."""
    return replace(case, values={**case.values, "batch": case["batch"] + LARGER_BATCH})


def right_answers(assignments: Sequence[str]) -> dict[Setting, Observed]:
    """Observe every right answer in a process of its own for each setting."""
    found: dict[Setting, Observed] = {}
    for setting in itertools.starmap(Setting, SETTINGS):
        print(f"margins: right answers, {setting} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "seen.json"
            seeds = SEEDS if setting == USUAL else SEEDS[:1]
            command = [sys.executable, "-m", "bench.margins", *assignments, "--observe", str(file)]
            command += ["--seeds", *map(str, seeds)]
            command += [] if setting == USUAL else ["--styles", str(STYLES_ELSEWHERE)]
            subprocess.run(command, check=True, cwd=COURSE.root, env={**os.environ, **setting.environment})
            seen = json.loads(file.read_text(encoding="utf-8"))
        found[setting] = {key: [codec.loads(one.encode()) for one in cases] for key, cases in seen.items()}
    return found


@dataclass(frozen=True)
class Spread:
    """The right answer that is furthest from the reference in one field.

    Args:
        units: how far, in units of what is allowed.
        by: which answer, and how it was computed.
    """

    units: float = 0.0
    by: str = "none"


def spreads(key: str, exercise: Exercise, seen: Mapping[Setting, Observed]) -> dict[str, Spread]:
    """Return field to the right answer that is furthest from the reference, as the usual setting computes that."""
    found = {field: Spread() for field, rule in rules(exercise).items() if isinstance(rule, Close)}
    for seed in SEEDS:
        reference = seen[USUAL][f"{key} {seed} {UNCHANGED.name}"]
        for setting, observed in seen.items():
            for name, cases in observed.items():
                if not name.startswith(f"{key} {seed} ") or not cases:
                    continue
                own = [{field: right[field] for field in one} for right, one in zip(reference, cases, strict=True)]
                for field, apart in distances(exercise, own, cases).items():
                    if field in found and apart > found[field].units:
                        found[field] = Spread(apart, f"{name.removeprefix(f'{key} {seed} ')}, {setting}")
    return found


def mistakes(exercise: Exercise, one_in: int = 1) -> dict[str, dict[str, float]]:
    """Return mistake to field to its distance from the reference, the smaller one of those of all seeds.

    Args:
        exercise: the exercise.
        one_in: how many mistakes there are for each that is observed.
    """

    def seen(variant: Variant, seed: int) -> list[Observation]:
        return [codec.loads(one) for one in observe_variant(COURSE, exercise, variant, seed)]

    reference = {seed: seen(UNCHANGED, seed) for seed in SEEDS}
    found = {}
    for mistake in load_mistakes(COURSE, exercise)[::one_in]:
        apart = [distances(exercise, reference[seed], seen(mistake, seed)) for seed in SEEDS]
        found[mistake.name] = {field: min(one.get(field, 0.0) for one in apart) for field in rules(exercise)}
    return found


HEAD = """\
# How wide the tolerances are

Made by `{command}`. All distances are in units of what a check allows: 1 is the limit. Right
answers are, with two threads and oneDNN, the reference and every style, on the public cases and on those of another
seed; with one thread or without oneDNN, on the public cases, the reference and at most {styles} styles from all over
the list. The reference is observed in larger batches as well. Mistakes are {mistakes}, on both
sets of cases, of which the nearer one counts. A field has a hundredfold margin if right answers stay below 0.01 and the
mistakes that it shows at all are beyond 100.
"""


def page(assignments: Sequence[str], parts: Sequence[str], one_in: int, whole: Sequence[str]) -> str:
    """Put the page together.

    Args:
        assignments: which ones were measured.
        parts: what came out, exercise by exercise.
        one_in: how many mistakes there are for each that was observed.
        whole: the assignments of which all mistakes were.
    """
    chosen = [] if list(assignments) == sorted(MODULES) else assignments
    sampled = [] if one_in == 1 else ["--one-in", str(one_in), *(["--whole", *whole] if whole else [])]
    command = " ".join(["python -m bench.margins", *chosen, *sampled, "--write"])
    words = "all those of the catalogue"
    if sampled:
        words = f"one in {one_in} of the catalogue" + (f", and all of {', '.join(whole)}" if whole else "")
    return "\n".join([HEAD.format(command=command, styles=STYLES_ELSEWHERE, mistakes=words), *parts])


def part(key: str, exercise: Exercise, right: Mapping[str, Spread], wrong: Mapping[str, Mapping[str, float]]) -> str:
    """Return the part of one exercise: a table of its fields, and the mistakes that no field shows clearly."""
    rows = [
        f"## {key}",
        "",
        "| field | right answers up to | which | mistakes beyond 100 | nearest of them | between | which |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for field, spread in right.items():
        far = {name: apart[field] for name, apart in wrong.items() if apart[field] > WIDE}
        between = {n: apart[field] for n, apart in wrong.items() if max(spread.units, 1 / WIDE) < apart[field] <= WIDE}
        nearest = min(far.values(), default=np.inf)
        words = ", ".join(f"{name} {apart:.3g}" for name, apart in sorted(between.items(), key=lambda one: one[1]))
        told = f"{spread.units:.2g} | {spread.by} | {len(far)} | {nearest:.3g} | {len(between)} | {words or '-'}"
        rows.append(f"| {field} | {told} |")
    best = {name: max(apart.values()) for name, apart in wrong.items()}
    weak = [f"`{name}` ({units:.3g})" for name, units in sorted(best.items(), key=lambda one: one[1]) if units <= WIDE]
    widest = max((spread.units for spread in right.values()), default=0.0)
    rows += [
        "",
        f"{len(wrong)} mistakes; {len(wrong) - len(weak)} of them are beyond {WIDE} in at least one field"
        + (f", but not {', '.join(weak)}." if weak else "."),
        f"Right answers stay below {widest:.2g}.",
        "",
    ]
    return "\n".join(rows)


def main() -> None:
    """Measure, print the page, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/margins.md as well")
    parser.add_argument("--observe", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS, help=argparse.SUPPRESS)
    parser.add_argument("--one-in", type=int, default=1, help="observe one in so many mistakes; all by default")
    parser.add_argument("--whole", nargs="*", default=[], help="assignments of which all are observed all the same")
    parser.add_argument("--styles", type=int, help=argparse.SUPPRESS)
    parser.add_argument("assignments", nargs="*", default=sorted(MODULES), help="which assignments; all by default")
    options = parser.parse_args()
    if options.observe:
        observe_right(options.assignments, options.observe, options.seeds, options.styles)
        return
    seen = right_answers(options.assignments)
    parts = [
        part(
            key,
            exercise,
            spreads(key, exercise, seen),
            mistakes(exercise, 1 if key.split()[0] in options.whole else options.one_in),
        )
        for key, exercise in exercises(options.assignments)
    ]
    text = page(options.assignments, parts, options.one_in, options.whole)
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
