"""The worker: a small process that forks a guard for each single-use process, and once the zygote they come from.

The zygote imports TensorFlow. It never starts the TensorFlow runtime, since a forked process cannot use a runtime that
is running, and nothing here ever reads a submission: each process is given a connection of its own to the trusted side.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.model import Limits
from autograder.sandbox import shortcuts, zygote
from autograder.sandbox.descriptors import allow_more_than_a_child
from autograder.sandbox.frames import Connection
from autograder.sandbox.guard import guard
from autograder.sandbox.level import Level

MESSAGE_BYTES = 65536

READY = b"ready"


def main(control_descriptor: int, level: Level, readable: list[str]) -> int:
    """Serve until the trusted side hangs up.

    Args:
        control_descriptor: a socket that brings {"work", "limits"} and two sockets: for the work, and for its guard.
        level: how processes are confined.
        readable: folders that they may read.

    Returns:
        The exit code: 0, or what a shell would call the way in which the zygote ended.
    """
    control = socket.socket(fileno=control_descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the trusted side's, which then hangs up
    allow_more_than_a_child()
    forked_from = zygote.start(level, readable, preload, work)
    if code := forked_from.wait_until_ready():
        return code
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a guard: it reports by itself
    control.send(READY)
    poll = select.poll()
    for end in (control, forked_from.channel):
        poll.register(end, select.POLLIN)
    while forked_from.channel.fileno() not in {descriptor for descriptor, _ in poll.poll()}:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 2)
        if not message:
            return 0
        if os.fork() == 0:
            _be_guard(json.loads(message), descriptors, level, forked_from)
        for descriptor in descriptors:
            os.close(descriptor)
    return 1


def _be_guard(order: Mapping[str, Any], descriptors: list[int], level: Level, forked_from: zygote.Zygote) -> None:
    """Watch over one single-use process; never returns."""
    try:
        work_descriptor, guard_descriptor = descriptors
        with socket.socket(fileno=guard_descriptor) as guarded:
            guard(level, Limits(**order["limits"]), order, guarded, forked_from, keep=[work_descriptor])
    finally:
        os._exit(0)


def work(order: Mapping[str, Any], descriptors: Sequence[int], folder: str) -> None:
    """Do what a single-use process is for."""
    connection = Connection(descriptors[0], descriptors[0])
    if order["work"] == "child":
        from autograder.sandbox.child import run_job

        run_job(connection, folder)
    else:
        from autograder.sandbox.evaluator import serve

        serve(connection)


def preload() -> None:
    """Import what submissions import."""
    from autograder.checks.quiet import quiet

    warnings.simplefilter("ignore")
    shortcuts.keep_members_of_protocols()
    with quiet():
        _import_everything()
    gc.collect()
    gc.freeze()  # what is here now is shared with every process, and stays so if the collector does not touch it


def _import_everything() -> None:
    """Import it, and go through Keras once without any operation of TensorFlow."""
    import keras
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot
    import matplotlib_inline.backend_inline
    import numpy
    import tensorflow

    import autograder.checks.figures
    import autograder.checks.graph
    import autograder.checks.network
    import autograder.checks.rebuild
    import autograder.sandbox.child
    import autograder.sandbox.evaluator
    from autograder.checks.registry import MODULES, find_assignment

    del matplotlib, matplotlib_inline, numpy, tensorflow
    for name in MODULES:
        find_assignment(name)
    shortcuts.set_plain_values_at_once()
    shortcuts.keep_signatures()
    with keras.StatelessScope(initialize_variables=False):
        inputs = keras.Input((4, 4, 2))
        x = keras.layers.BatchNormalization()(keras.layers.Conv2D(2, 1, padding="same")(inputs))
        x = keras.layers.Activation("relu")(keras.layers.Add()([inputs, keras.activations.relu(x) + inputs]))
    autograder.checks.graph.dump(x, [inputs], lambda value: value)
    keras.utils.clear_session(free_memory=False)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Level(sys.argv[2]), json.loads(sys.argv[3])))
