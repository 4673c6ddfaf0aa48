"""Grade on a Dask cluster: each of its workers has a preloaded worker of ours, and the trusted side stays here."""

import json
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from autograder.errors import CourseError, UsageError
from autograder.model import Limits
from autograder.sandbox.job import Job, Ran, Step
from autograder.sandbox.launch import WorkerLost
from autograder.sandbox.level import Level
from autograder.sandbox.station import Station

CONNECT_SECONDS = 10

_lock = threading.Lock()
_stations: dict[Level, Station] = {}


class Cluster:
    """Runs jobs on the workers of a Dask scheduler; what a lost worker was doing is done again by another.

    Args:
        address: of the scheduler, such as tcp://host:8786.
        level: how a student's code is confined on each of them.

    Raises:
        UsageError: if Dask is not installed, or no scheduler answers.
    """

    def __init__(self, address: str, level: Level) -> None:
        """Connect."""
        try:
            from distributed import Client
        except ImportError:
            raise UsageError('--cluster needs Dask: pip install "residual-course[cluster]".') from None
        try:
            _connect(address)  # a client that finds nobody complains at length when the program ends
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"No Dask scheduler answers at {address} ({type(error).__name__}).") from None
        self._level = level
        if not self.threads:
            raise UsageError(f"The scheduler at {address} has no workers yet: start some with `dask worker {address}`.")

    @property
    def threads(self) -> int:
        """How many submissions are graded at a time: a worker has the next task while an answer is on its way here."""
        each: dict[str, int] = self._client.nthreads()
        return 2 * sum(each.values())

    def run(self, job: Job) -> Ran:
        """Run a job on some worker."""
        ran = self._ask("run", json.dumps(asdict(job)))
        outputs = {int(cell): shown for cell, shown in ran["outputs"].items()}
        return Ran(ran["answers"], outputs, ran["starts"])

    def evaluate(self, requests: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, str]]:
        """Evaluate answers on some worker."""
        results: Sequence[Mapping[str, str]] = self._ask("evaluate", json.dumps(requests))
        return results

    def _ask(self, what: str, text: str) -> Any:
        from distributed import CancelledError, KilledWorker

        try:  # not pure: two equal jobs are two students'
            return json.loads(self._client.submit(on_worker, what, text, self._level.value, pure=False).result())
        except (KilledWorker, CancelledError) as error:
            raise WorkerLost(f"The cluster lost its workers: {type(error).__name__}.") from error
        except (OSError, TimeoutError) as error:
            raise CourseError(f"The cluster does not answer: {error}.") from error

    def close(self) -> None:
        """Disconnect; the cluster goes on."""
        self._client.close()


def _connect(address: str) -> None:
    """See whether anybody listens at an address.

    Raises:
        OSError, ValueError: if nobody does.
    """
    from distributed.comm.addressing import get_address_host_port

    host, port = get_address_host_port(address)
    socket.create_connection((host, int(port)), CONNECT_SECONDS).close()


def on_worker(what: str, text: str, level: str) -> str:
    """Do a task on a worker of the cluster; text goes in and comes out, so that nothing of a student's is unpickled."""
    station, task = _station(Level(level)), json.loads(text)
    if what == "evaluate":
        return json.dumps(station.evaluate(task))
    steps = tuple(Step(step["cell"], step["source"], step["exercise"], tuple(step["calls"])) for step in task["steps"])
    return json.dumps(asdict(station.run(Job(steps, task["files"], Limits(**task["limits"])))))


def _station(level: Level) -> Station:
    """Return this process's station."""
    from distributed import get_worker

    with _lock:
        if level not in _stations:
            _stations[level] = Station(level, evaluators=get_worker().state.nthreads)
        return _stations[level]
