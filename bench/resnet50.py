"""`python -m bench.resnet50`: the course's ResNet-50 beside that of keras.applications, in one run.

Both have the same form: 64x64x3, six classes, weights drawn anew. They train and predict in turns, so that whatever
else the machine does falls on both. Ratios are of the shortest turns, on the clock and in the processors' time, which
other processes hardly change. Prints the peak memory of this process as well.
"""

import resource
import sys
import time
from collections.abc import Callable

import keras
import numpy as np

from solutions.resnet50 import ResNet50

BATCH, ROUNDS = 32, 7
"""Pictures of a step; how often each network has its turn, of which the first time is not counted."""

SHAPE, CLASSES = (64, 64, 3), 6


def networks() -> dict[str, keras.Model]:
    """Return both networks, ready to be trained."""
    found = {
        "course": ResNet50(SHAPE, CLASSES),
        "keras.applications": keras.applications.ResNet50(weights=None, input_shape=SHAPE, classes=CLASSES),
    }
    for model in found.values():
        model.compile(keras.optimizers.Adam(1e-3), loss="categorical_crossentropy")
    return found


def seconds_of(action: Callable[[], object]) -> tuple[float, float]:
    """Measure one turn: seconds on the clock, and of all processors together."""
    start, busy = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - busy


def main() -> None:
    """Measure and print."""
    random = np.random.RandomState(0)
    x = random.rand(BATCH, *SHAPE).astype(np.float32)
    y = np.eye(CLASSES, dtype=np.float32)[random.randint(CLASSES, size=BATCH)]
    models = networks()
    taken: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for turn in range(ROUNDS):
        print(f"bench: turn {turn + 1} of {ROUNDS}", file=sys.stderr, flush=True)
        for name, model in models.items():
            train = seconds_of(lambda: model.train_on_batch(x, y))  # noqa: B023 - called at once
            predict = seconds_of(lambda: model.predict_on_batch(x))  # noqa: B023 - called at once
            taken.setdefault((name, "train"), []).append(train)
            taken.setdefault((name, "predict"), []).append(predict)
    for what in ("train", "predict"):
        for number, clock in enumerate(("on the clock", "of processor time")):
            course, other = (min(turn[number] for turn in taken[name, what][1:]) for name in models)
            print(
                f"{what}: {BATCH / course:.1f} pictures a second {clock}, keras.applications {BATCH / other:.1f}: "
                f"{other / course:.2f} times as fast"
            )
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB, for both networks together"
    )


if __name__ == "__main__":
    main()
