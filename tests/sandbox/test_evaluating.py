"""Answers become observations in a process of ours; one that ends or is late is started again, as far as that helps."""

import json
import socket
from collections.abc import Iterator, Mapping
from typing import NoReturn

import pytest

from autograder.checks import observation as codec
from autograder.checks.calls import refused
from autograder.model import RAISED
from autograder.sandbox.frames import Closed, Connection
from autograder.sandbox.launch import Forked, WorkerLost, from_outside
from autograder.sandbox.level import Level
from autograder.sandbox.station import Station

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def station() -> Iterator[Station]:
    """Return a station without confinement."""
    with Station(Level.NONE) as started:
        yield started


def request() -> dict[str, object]:
    """Return a request to evaluate: the subject raised at its first call."""
    asked = {"assignment": "03_residual_blocks", "exercise": "identity_block", "seed": 0, "case": 0}
    return asked | {"calls": [], "answers": []}


def test_an_evaluator_says_what_it_needs(station: Station) -> None:
    """A probe that asks for more than was answered says for what."""
    needs = station.evaluate([request()])[0]["needs"]
    assert '"input"' in needs
    raised = json.dumps({"raised": ["ValueError", "no", "line 1"]})
    (found,) = station.evaluate([request() | {"calls": [needs], "answers": [raised]}])
    assert json.loads(found["observation"])["raised"] == ["ValueError", "no", "line 1"]


class Ending:
    """Stands for an evaluator that ends before it answers, as TensorFlow has no graph that does so everywhere."""

    def __init__(self, end: str) -> None:
        """Know how it will end."""
        self._end, self.connection, self.tried = end, self, 0

    def launch(self, *_: object) -> "Ending":
        """Be the process."""
        self.tried += 1
        return self

    def send(self, message: object) -> None:
        """Take a request."""

    def receive(self, seconds: float) -> NoReturn:
        """End."""
        raise Closed

    def end(self) -> str:
        """Say how."""
        return self._end

    def close(self) -> None:
        """Do nothing more."""


@pytest.mark.parametrize(("end", "words"), [("memory", "more time or memory"), ("signal", "ends TensorFlow itself")])
def test_what_no_evaluator_survives(monkeypatch: pytest.MonkeyPatch, end: str, words: str) -> None:
    """A graph that ends two evaluators is the answer's fault, told in one sentence."""
    with Station(Level.NONE) as station:
        ending = Ending(end)
        monkeypatch.setattr(station, "_launcher", ending)
        found = station.evaluate([request(), request() | {"case": 1}])
        assert [words in json.loads(one["observation"])["raised"][1] for one in found] == [True, True]
        assert ending.tried == 2  # and not again on the other case


LATE = {"observation": codec.dumps({RAISED: ("TimeUp", "longer than 30 seconds", "")}).decode()}


class Late(Ending):
    """Stands for an evaluator that is too slow, as on a busy machine, for so many times."""

    def __init__(self, times: int) -> None:
        """Know how often."""
        super().__init__("")
        self._times = times

    def receive(self, seconds: float) -> Mapping[str, str]:  # type: ignore[override]  # this one answers
        """Answer."""
        self._times -= 1
        return LATE if self._times >= 0 else {"observation": "{}"}


@pytest.mark.parametrize(
    ("times", "answered", "found"),
    [
        (1, "{}", {"observation": "{}"}),
        (2, "{}", LATE),
        (1, refused(("TimeUp", "longer than 30 seconds", "")), LATE),
    ],
)
def test_what_comes_late_is_evaluated_twice(
    monkeypatch: pytest.MonkeyPatch, times: int, answered: str, found: Mapping[str, str]
) -> None:
    """An evaluator that was too slow once is asked again, unless it is the student's function that came to no end."""
    with Station(Level.NONE) as station:
        monkeypatch.setattr(station, "_launcher", Late(times))
        assert station.evaluate([request() | {"answers": [answered]}]) == [found]


@pytest.mark.parametrize(("work", "signal_number", "end"), [("evaluator", 15, "killed"), ("child", 15, "signal")])
def test_who_ended_a_process(work: str, signal_number: int, end: str) -> None:
    """An evaluator gets a signal to end from somebody else; a student's code may send one to itself."""
    (ours, theirs), (guard, guarded) = socket.socketpair(), socket.socketpair()
    with ours, theirs, guard, guarded:
        guarded.send(json.dumps({"ended": "signal", "code": signal_number}).encode())
        assert Forked(Connection(ours.fileno(), ours.fileno()), guard, from_outside(work)).end() == end


def test_an_evaluator_that_somebody_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever ends an evaluator from outside costs no points."""
    with Station(Level.NONE) as station:
        monkeypatch.setattr(station, "_launcher", Ending("killed"))
        with pytest.raises(WorkerLost):
            station.evaluate([request()])
