"""Assignment 04: batch normalisation by hand, the blocks in the training edition, and freezing.

Source of batch normalisation: Ioffe and Szegedy 2015, algorithms 1 and 2. The blocks are observed in
`training_blocks.py`, freezing in `freezing.py`; which mistakes the checks tell apart stands in docs/mistakes.md.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checks.calls import Asked
from autograder.checks.compare import close
from autograder.checks.fault import SubjectFault, kind_of
from autograder.checks.freezing import FREEZE_BATCHNORM
from autograder.checks.residual_blocks import FORWARD
from autograder.checks.training_blocks import CONVOLUTIONAL_BLOCK, IDENTITY_BLOCK
from autograder.model import Assignment, Case, Check, Exercise, Nearest, Value

EXACT = close(relative=0, absolute=0)
"""What is not touched is the same to the last bit."""

MODES = (("inference", False), ("training", True))
"""Name of a mode, and the value of `training` that asks for it."""

STEP = 0.1
"""Half the distance between two inputs whose outputs are compared: wide enough for answers in float32, and not too wide
since the reference is asked at the same two inputs."""

MOVED = 2
"""How many examples of a batch are moved, one at a time, to see which of all examples feel it."""

SIDES = ((), (3,), (2, 5))
"""Sides between batch and channels in each case: rows of numbers, signals, images."""


def draw_batchnorm(seed: int) -> tuple[Case, ...]:
    """Draw one case for each number of axes; within a case all sides differ."""
    random = np.random.RandomState(seed)
    batches, channels = random.permutation([4, 6, 7]), random.permutation([8, 9, 10])
    momenta, epsilons = random.permutation([0.6, 0.75, 0.9]), random.permutation([0.05, 0.2, 0.6])
    return tuple(
        Case(
            f"case {number + 1}",
            int(random.randint(2**31 - 1)),
            {
                "shape": (int(batches[number]), *map(int, random.permutation(sides)), int(channels[number])),
                "momentum": float(momenta[number]),
                "eps": float(epsilons[number]),
            },
        )
        for number, sides in enumerate(SIDES)
    )


def arrays_of(case: Case) -> list[np.ndarray]:
    """Draw x, gamma, beta, running mean and running variance; the channels of x differ in mean and variance."""
    random = np.random.RandomState(case.seed)
    channels = case["shape"][-1]
    x = 3 * random.standard_normal(channels) + random.uniform(0.5, 2, channels) * random.standard_normal(case["shape"])
    gamma = random.uniform(0.5, 2, channels) * random.choice([-1, 1], channels)
    beta, running_mean = random.standard_normal((2, channels))
    return [x, gamma, beta, running_mean, random.uniform(1, 3, channels)]


def probe_batchnorm(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe both modes: what is returned, which examples feel which, and what became of the arguments."""
    given = arrays_of(case)
    settings = {"momentum": case["momentum"], "eps": case["eps"]}
    for mode, training in MODES:
        y, mean, variance = _three(subject(*given, **settings, training=training))
        yield f"y_in_{mode}", y
        yield f"running_mean_after_{mode}", mean
        yield f"running_variance_after_{mode}", variance
    for mode, training in MODES:
        arguments = settings | {"training": training}
        yield f"influence_in_{mode}", _influence(subject, given, arguments, case.seed)
    for number, name in ((0, "x"), (3, "running_mean"), (4, "running_variance")):
        changed = subject.giving_back(number)
        yield f"{name}_as_given", changed(*given, **settings, training=True)


def _three(result: Any) -> Sequence[Any]:
    """Return what a student's function returned, if it is three things.

    Raises:
        SubjectFault: if it is not.
    """
    if not isinstance(result, (tuple, list)) or len(result) != 3:
        what = f"{len(result)} values" if isinstance(result, (tuple, list)) else f"one {kind_of(result)}"
        raise SubjectFault(
            f"the function returned {what}; three are expected: y, the running mean, the running variance"
        )
    return result


def _influence(
    subject: Callable[..., Any], given: Sequence[np.ndarray], arguments: dict[str, Any], seed: int
) -> np.ndarray:
    """Move one example after the other and see by how much the outputs of each example change, per unit moved.

    Returns:
        Slopes, shape (examples in the batch, examples that were moved); the changes of an example's outputs are
        weighted with numbers drawn from the seed.
    """
    x, *others = given
    random = np.random.RandomState(seed)
    direction, weights = random.standard_normal((2, *x.shape))
    slopes = []
    for moved in range(MOVED):
        step = np.zeros_like(x)
        step[moved] = STEP * direction[moved]
        ahead, behind = (_three(subject(x + sign * step, *others, **arguments))[0] for sign in (1, -1))
        try:
            change = weights * (np.asarray(ahead, np.float64) - np.asarray(behind, np.float64))
        except (TypeError, ValueError):
            raise SubjectFault(f"y is no array of the shape of x but {kind_of(ahead)}") from None
        slopes.append(change.reshape(len(x), -1).sum(axis=1) / (2 * STEP))
    return np.stack(slopes, axis=1)


def _tried_batchnorm(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    shape = "x".join(map(str, case["shape"]))
    return f"x of {shape}, momentum={case['momentum']:g}, eps={case['eps']:g}, training=False and training=True"


RUNNING = tuple(f"running_{one}_after_{mode}" for mode, _ in MODES for one in ("mean", "variance"))

BATCHNORM_FORWARD = Exercise(
    name="batchnorm_forward",
    reference="solutions.batchnorm:batchnorm_forward",
    probe=probe_batchnorm,
    draw=draw_batchnorm,
    tried=_tried_batchnorm,
    checks=(
        Check(
            "batchnorm_forward-inference",
            "In inference mode y is normalised with the running statistics.",
            1,
            ("y_in_inference",),
            FORWARD,
            "Put the running mean and the running variance into the formula; is eps under the root, and do gamma and "
            "beta act last?",
        ),
        Check(
            "batchnorm_forward-inference-keeps",
            "In inference mode the running statistics are returned as they were.",
            1,
            ("running_mean_after_inference", "running_variance_after_inference"),
            EXACT,
            "The running statistics move in training mode only.",
        ),
        Check(
            "batchnorm_forward-training",
            "In training mode y is normalised with the statistics of the batch, channel by channel.",
            1,
            ("y_in_training",),
            FORWARD,
            "Over which axes are mean and variance taken, and by what is the sum of squares divided?",
        ),
        Check(
            "batchnorm_forward-running",
            "In training mode the running statistics move towards those of the batch.",
            2,
            ("running_mean_after_training", "running_variance_after_training"),
            FORWARD,
            "momentum is the share of the old value that is kept; the variance moves like the mean.",
        ),
        Check(
            "batchnorm_forward-influence",
            "In inference mode an example's output depends on that example alone; in training mode on the whole batch.",
            1,
            ("influence_in_inference", "influence_in_training"),
            FORWARD,
            "One example of x was moved a little, and the outputs of all were watched. Which statistics enter y?",
        ),
        Check(
            "batchnorm_forward-arguments",
            "The arrays that were given are not changed.",
            1,
            ("x_as_given", "running_mean_as_given", "running_variance_as_given"),
            EXACT,
            "`x -= mean` and `running_mean[:] = ...` change the caller's own array; `x - mean` makes a new one.",
        ),
    ),
    nearest=(
        Nearest("y is right in both modes; what is wrong is how the running statistics move.", among=RUNNING),
        Nearest(
            "Inference mode is right, and so are the running statistics: what is wrong is y in training mode.",
            right=(*RUNNING, "y_in_inference"),
        ),
        Nearest(
            "Inference mode is right; what is wrong is what training mode does.", right=("y_in_inference", *RUNNING[:2])
        ),
        Nearest(
            "Training mode is right; what is wrong is what inference mode does.", right=("y_in_training", *RUNNING[2:])
        ),
        Nearest("The running statistics are right in both modes; what is wrong is the formula for y.", right=RUNNING),
    ),
)


ASSIGNMENT = Assignment(
    "04_batchnorm_modes",
    "Batch normalisation and its two modes",
    (BATCHNORM_FORWARD, IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK, FREEZE_BATCHNORM),
)
