"""Messages come whole, in time and within their limit, whatever the number of the descriptor."""

import os
import resource
from collections.abc import Iterator

import pytest

from autograder.sandbox.frames import Connection, TooSlow

HIGH = 1500
"""Beyond what `select` takes."""


@pytest.fixture
def high() -> Iterator[Connection]:
    """Return a connection to itself that reads from a descriptor with a high number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard <= HIGH:
        pytest.skip("no such descriptor is allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, HIGH + 1), hard))
    read, write = os.pipe()
    os.dup2(read, HIGH)
    os.close(read)
    connection = Connection(HIGH, write)
    yield connection
    connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_waiting_on_a_high_descriptor(high: Connection) -> None:
    """With hundreds of jobs descriptors have high numbers, and waiting for an answer works all the same."""
    with pytest.raises(TooSlow):
        high.receive(0.01)
    high.send({"observation": "x"})
    assert high.receive(0.01) == {"observation": "x"}
