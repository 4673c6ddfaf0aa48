"""Whatever a student's function is or does: one clear sentence, and the next check judges as if nothing had been."""

import contextlib
import json
import os
import random
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from autograder.checks import engine, student
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.checks.expected import EXPECTED_VARIABLE, load_expected
from autograder.checks.registry import find_assignment
from autograder.checks.student import CheckFailed, checks_for
from autograder.model import Assignment, Case
from solutions.blocks import identity_block
from tests.checks.bad_subjects import BLOCKS, TOY_SUBJECTS, raising
from tests.checks.toy import DOUBLE, TOY, reference

pytestmark = pytest.mark.tensorflow


@pytest.fixture(autouse=True)
def _on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Behave as outside IPython, with figures drawn into memory."""
    monkeypatch.setattr(student, "_shell", lambda: None)
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make the toy assignment the one that is found, with its recorded results and a short patience."""
    monkeypatch.setattr(engine, "CASE_SECONDS", 0.5)
    monkeypatch.setattr(student, "find_assignment", lambda name: TOY)
    cases = [json.loads(observe(DOUBLE.probe, reference, case)) for case in DOUBLE.draw(PUBLIC_SEED)]
    (tmp_path / "00_toy.json").write_text(json.dumps({"exercises": {"double": cases}}))
    monkeypatch.setenv(EXPECTED_VARIABLE, str(tmp_path))


@pytest.fixture
def one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge blocks on the first of their cases, to save time."""

    def first_cases(name: str) -> Assignment:
        found = find_assignment(name)
        return replace(found, exercises=tuple(replace(one, draw=_first(one.draw)) for one in found.exercises))

    monkeypatch.setattr(student, "find_assignment", first_cases)
    monkeypatch.setattr(student, "load_expected", lambda *given: load_expected(*given)[:1])
    monkeypatch.setattr(student, "load_catalogue", lambda *_: ())  # mistakes are known by all cases together


def _first(draw: Callable[[int], tuple[Case, ...]]) -> Callable[[int], tuple[Case, ...]]:
    return lambda seed: draw(seed)[:1]


def said(namespace: dict[str, Any], capsys: pytest.CaptureFixture[str], assignment: str, check: str) -> str:
    """Run a check that fails, and return what happened as the card tells it."""
    with pytest.raises(CheckFailed):
        checks_for(assignment, namespace)(check)
    lines = capsys.readouterr().out.splitlines()
    (sentence,) = [line for line in lines if line.startswith("    what happened: ")]
    return sentence.removeprefix("    what happened: ")


def passes(namespace: dict[str, Any], capsys: pytest.CaptureFixture[str], assignment: str, check: str) -> None:
    """Run a check of a right function."""
    checks_for(assignment, namespace)(check)
    assert capsys.readouterr().out.startswith("✓ passed")


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("name", TOY_SUBJECTS)
def test_a_bad_subject_is_one_sentence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The check fails with a short sentence that says what is wrong; a right function passes afterwards."""
    subject, words = TOY_SUBJECTS[name]
    sentence = said({"double": subject}, capsys, "00_toy", "double-positive")
    assert words in sentence
    assert len(sentence) < 700
    passes({"double": reference}, capsys, "00_toy", "double-positive")


@pytest.mark.usefixtures("toy")
def test_an_interrupt_of_a_subject_stops_one_check(capsys: pytest.CaptureFixture[str]) -> None:
    """KeyboardInterrupt is the user's, who may raise it in code as well; the next check runs."""
    with pytest.raises(KeyboardInterrupt):
        checks_for("00_toy", {"double": raising(KeyboardInterrupt)})("double-positive")
    passes({"double": reference}, capsys, "00_toy", "double-positive")


@pytest.mark.usefixtures("toy")
def test_a_gigabyte_of_prints_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed while a check runs is kept nowhere, however much it is."""

    def double(n: int) -> int:
        text = "x" * 2**24
        for _ in range(32):  # twice per case: 2 GiB
            print(text, flush=True)
            sys.stderr.write(text)
        return 2 * n

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    passes({"double": double}, capsys, "00_toy", "double-positive")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


def state() -> dict[str, Any]:
    """Return what a student's function may change and the next one would notice."""
    return {
        "settings": (keras.config.floatx(), keras.config.image_data_format(), keras.config.epsilon()),
        "policy": keras.config.dtype_policy().name,
        "backend": (keras.config.backend(), sys.modules["keras"] is keras, os.environ.get("KERAS_BACKEND")),
        "eager": tf.executing_eagerly(),
        "random": (random.getstate(), str(np.random.get_state())),
        "numpy": (np.geterr(), np.get_printoptions()),
        "warnings": [*warnings.filters],
        "folder": os.getcwd(),
        "path": [*sys.path],
        "environment": dict(os.environ),
        "recursion": sys.getrecursionlimit(),
        "alarm": signal.getsignal(signal.SIGALRM),
        "streams": (sys.stdout, sys.stderr),
        "figures": plt.get_fignums(),
        "matplotlib": dict(plt.rcParams),
    }


def change_figures() -> None:
    """Choose another style and another window, and leave a figure open."""
    plt.style.use("dark_background")
    plt.switch_backend("svg")
    plt.figure()


def close_streams() -> None:
    """Leave nothing to print to."""
    sys.stdout.close()
    sys.stdout = sys.stderr = None


def close_descriptors() -> None:
    """Leave nothing to write to."""
    os.close(1)
    os.close(2)


def change_folder() -> None:
    """Go where nothing can be found, and remove it."""
    os.mkdir("gone")
    os.chdir("gone")
    os.rmdir("../gone")


CHANGES: dict[str, Callable[[], object]] = {
    "floatx": lambda: keras.config.set_floatx("float16"),
    "image data format": lambda: keras.config.set_image_data_format("channels_first"),
    "epsilon": lambda: keras.config.set_epsilon(0.5),
    "dtype policy": lambda: keras.config.set_dtype_policy("mixed_float16"),
    "backend": lambda: keras.config.set_backend("numpy"),
    "backend that is not there": lambda: keras.config.set_backend("jax"),
    "eager execution": lambda: tf.compat.v1.disable_eager_execution(),
    "functions run eagerly": lambda: tf.config.run_functions_eagerly(True),
    "seeds": lambda: keras.utils.set_random_seed(5),
    "matplotlib": change_figures,
    "numpy errors": lambda: np.seterr(all="raise"),
    "numpy prints": lambda: np.set_printoptions(precision=1, threshold=2),
    "warnings": lambda: warnings.simplefilter("error"),
    "folder": change_folder,
    "path": sys.path.clear,
    "environment": os.environ.clear,
    "recursion limit": lambda: sys.setrecursionlimit(300),
    "alarm": lambda: signal.signal(signal.SIGALRM, signal.SIG_IGN),
    "streams": close_streams,
    "descriptors": close_descriptors,
}


BREAKS_JUPYTER = {"backend", "backend that is not there", "streams", "descriptors", "path", "folder"}
IN_A_CELL = [name for name in CHANGES if name not in BREAKS_JUPYTER]
"""What a cell may change so that the notebook still works."""


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize("name", CHANGES)
def test_what_a_subject_changes_is_changed_back(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever settings a function changes, everything is as before, and a right function passes."""
    monkeypatch.chdir(tmp_path)
    before = state()

    def changing(*given: Any, **more: Any) -> Any:
        CHANGES[name]()
        return identity_block(*given, **more)

    with contextlib.suppress(CheckFailed):
        checks_for("03_residual_blocks", {"identity_block": changing})("identity_block-size")
    after = state()
    assert {key for key in before if before[key] != after[key]} == set()
    capsys.readouterr()
    passes({"identity_block": identity_block}, capsys, "03_residual_blocks", "identity_block-inference")


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize("name", IN_A_CELL)
def test_what_a_cell_changes_is_no_mistake(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A right function passes after a cell of the student's has changed the settings."""
    with _given_back():
        CHANGES[name]()
        passes({"identity_block": identity_block}, capsys, "03_residual_blocks", "identity_block-training")


@contextlib.contextmanager
def _given_back() -> Iterator[None]:
    """Undo what a test itself changes."""
    from autograder.checks.keras_session import fresh_keras
    from autograder.checks.undisturbed import undisturbed

    with undisturbed(), fresh_keras(), warnings.catch_warnings():
        yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.usefixtures("one_case")
@pytest.mark.parametrize("name", BLOCKS)
def test_what_is_no_block_is_one_sentence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A block that returns no tensor of its input is told what it returned; a right block passes afterwards."""
    subject, words = BLOCKS[name]
    assert words in said({"identity_block": subject}, capsys, "03_residual_blocks", "identity_block-size")
    passes({"identity_block": identity_block}, capsys, "03_residual_blocks", "identity_block-size")


@pytest.mark.usefixtures("one_case")
def test_changed_arguments_are_the_subjects_own(capsys: pytest.CaptureFixture[str]) -> None:
    """A function that changes the list it is given changes nobody else's."""

    def emptying(X: Any, f: int, filters: list[int], *names: Any) -> Any:
        X = identity_block(X, f, [*filters], *names)
        filters.clear()
        return X

    for check in ("size", "layers", "gradient"):
        passes({"identity_block": emptying}, capsys, "03_residual_blocks", f"identity_block-{check}")
    passes({"identity_block": identity_block}, capsys, "03_residual_blocks", "identity_block-size")
