"""The preloaded worker: imports TensorFlow once and forks single-use processes from there.

It never starts the TensorFlow runtime, since a forked process cannot use a runtime that is running, and it never reads
a submission: each process that it forks is given a connection of its own to the trusted side.
"""

import gc
import json
import os
import signal
import socket
import sys
import warnings
from typing import Any

from autograder.checks.quiet import quiet
from autograder.checks.registry import MODULES, find_assignment
from autograder.model import Limits
from autograder.sandbox.frames import Connection
from autograder.sandbox.guard import guard
from autograder.sandbox.level import Level

MESSAGE_BYTES = 65536

READY = b"ready"


def main(control_descriptor: int, level: Level, readable: list[str]) -> None:
    """Serve until the trusted side hangs up.

    Args:
        control_descriptor: a socket that brings {"work", "limits"} and two sockets: for the work, and for its guard.
        level: how processes are confined.
        readable: folders that they may read.
    """
    control = socket.socket(fileno=control_descriptor)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a guard: it reports by itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the trusted side's, which then hangs up
    warnings.simplefilter("ignore")
    with quiet():
        preload()
    control.send(READY)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 2)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _be_guard(json.loads(message), descriptors, level, readable)
        for descriptor in descriptors:
            os.close(descriptor)


def _be_guard(order: dict[str, Any], descriptors: list[int], level: Level, readable: list[str]) -> None:
    """Watch over one single-use process; never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        work_descriptor, guard_descriptor = descriptors

        def work(folder: str) -> None:
            os.environ["HOME"] = folder
            connection = Connection(work_descriptor, work_descriptor)
            if order["work"] == "child":
                from autograder.sandbox.child import run_job

                run_job(connection, folder)
            else:
                from autograder.sandbox.evaluator import serve

                serve(connection)

        limits = Limits(**order["limits"])
        with socket.socket(fileno=guard_descriptor) as guarded:
            guard(level, limits, work, guarded, readable, keep=[work_descriptor])
    finally:
        os._exit(0)


def preload() -> None:
    """Import what submissions import, and go through Keras once without any operation of TensorFlow."""
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

    del matplotlib, matplotlib_inline, numpy, tensorflow
    for name in MODULES:
        find_assignment(name)
    with keras.StatelessScope(initialize_variables=False):
        inputs = keras.Input((4, 4, 2))
        x = keras.layers.BatchNormalization()(keras.layers.Conv2D(2, 1, padding="same")(inputs))
        x = keras.layers.Activation("relu")(keras.layers.Add()([inputs, keras.activations.relu(x) + inputs]))
    autograder.checks.graph.dump(x, [inputs], lambda value: value)
    keras.utils.clear_session(free_memory=False)
    gc.collect()
    gc.freeze()  # what is here now is shared with every process, and stays so if the collector does not touch it


if __name__ == "__main__":
    main(int(sys.argv[1]), Level(sys.argv[2]), json.loads(sys.argv[3]))
