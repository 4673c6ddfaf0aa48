"""Mistakes in ResNet-50 and in what surrounds its training.

Sources: public threads on the ResNet-50 assignment and on predictions that are wrong after a good training; what the
comparison of layer classes, shapes and counts in the ancestor of the assignment let through.
"""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.resnet50_head import IN_THE_HEAD
from solutions.mistakes.resnet50_stages import IN_THE_STAGES
from solutions.mistakes.resnet50_stem import IN_THE_STEM

IN_ONE_HOT = (
    Mistake(
        "columns-from-the-labels",
        "The number of columns is taken from the labels at hand, so that a missing class loses its column.",
        (Change("(len(labels), classes)", "(len(labels), labels.max() + 1)"),),
        "The shape depends on something that it should not depend on.",
        "Look at where the number of columns comes from.",
    ),
    Mistake(
        "rows-and-columns-swapped",
        "There is a row per class and a column per picture; it is the other way round.",
        (Change("[np.arange(len(labels)), labels] = 1", "[np.arange(len(labels)), labels] = 1\n    rows = rows.T"),),
        "The numbers are right and stand in the wrong places.",
        "Look at the order of the two axes of what is returned.",
    ),
    Mistake(
        "an-axis-too-many",
        "Each vector stands inside an axis of length 1 of its own.",
        (
            Change(
                "[np.arange(len(labels)), labels] = 1", "[np.arange(len(labels)), labels] = 1\n    rows = rows[:, None]"
            ),
        ),
        "The number of axes is wrong.",
        "Print the shape of what is returned: it has one length for the pictures and one for the classes.",
    ),
    Mistake(
        "classes-counted-from-1",
        "The 1 stands one place too far to the left, as if classes were counted from 1.",
        (Change(", labels] = 1", ", labels - 1] = 1"),),
        "Most places of the 1 are wrong, all by the same distance.",
        "Look at the column index: which column belongs to class 0?",
    ),
    Mistake(
        "whole-columns",
        "Whole columns are filled: each row has a 1 for every class that occurs anywhere.",
        (Change("[np.arange(len(labels)), labels]", "[:, labels]"),),
        "There are too many ones.",
        "Look at the row index: each label belongs to one row only.",
    ),
    Mistake(
        "labels-in-place-of-ones",
        "The label itself stands at the place of the 1.",
        (Change(", labels] = 1", ", labels] = labels"),),
        "The places are right, the values are not.",
        "Look at what is written at the chosen places.",
    ),
    Mistake(
        "other-type",
        "The numbers are of another type than float32.",
        (Change('dtype="float32"', "dtype=int"),),
        "The values are right, their type is not.",
        "Look at where the array is made.",
    ),
)

PROBABILITIES = "    probabilities = np.asarray(model(batch, training=False))[0]\n"
BEST = "    best = int(np.argmax(probabilities))\n"

IN_PREDICT_CLASS = (
    Mistake(
        "not-scaled",
        "The picture is not scaled: the network was trained on values from 0 to 1 and gets values up to 255.",
        (Change(" / 255", ""),),
        "The network is asked about something that it was never trained on.",
        "Look at the values that are handed to the network.",
    ),
    Mistake(
        "scaled-twice",
        "The picture is scaled twice, so that it is nearly black.",
        (Change(" / 255", " / 255 / 255"),),
        "The network is asked about something that it was never trained on.",
        "Look at the values that are handed to the network.",
    ),
    Mistake(
        "scaled-to-its-own-maximum",
        "The picture is divided by its own largest value; in training every picture was divided by the same number.",
        (Change(" / 255", " / picture.max()"),),
        "The scale differs from picture to picture.",
        "Look at the number that the picture is divided by.",
    ),
    Mistake(
        "no-batch",
        "A single picture is handed to the network, which takes a batch of pictures.",
        (Change("picture[np.newaxis]", "picture"),),
        "The network is given too few axes.",
        "Look at the shape of what is handed to the network.",
    ),
    Mistake(
        "training-mode",
        "The network is used in training mode: its batch normalisations then use the statistics of this one picture.",
        (Change("training=False", "training=True"),),
        "The network behaves as it does while it learns.",
        "Look at how the network is called.",
    ),
    Mistake(
        "least-probable",
        "The least probable class is returned.",
        (Change("np.argmax", "np.argmin"),),
        "The class is not the most probable one.",
        "Look at how the class is chosen from the probabilities.",
    ),
    Mistake(
        "counted-from-1",
        "The class is counted from 1.",
        (
            Change(BEST, BEST.replace("np.argmax(probabilities)", "np.argmax(probabilities) + 1")),
            Change("probabilities[best]", "probabilities[best - 1]"),
        ),
        "The class is off by the same number for each picture.",
        "Look at what the position in the row of probabilities means.",
    ),
    Mistake(
        "along-the-batch",
        "The largest value is looked for along the batch, not along the classes.",
        (
            Change(PROBABILITIES, PROBABILITIES.replace("[0]\n", "\n")),
            Change("np.argmax(probabilities)", "np.argmax(probabilities, axis=0)[0]"),
            Change("probabilities[best]", "probabilities[0, best]"),
        ),
        "The class is the same whatever the picture shows.",
        "Look at the axis along which the largest value is looked for.",
    ),
    Mistake(
        "other-probability",
        "The probability is that of the first class, not that of the class which is returned.",
        (Change("probabilities[best]", "probabilities[0]"),),
        "Class and probability do not belong together.",
        "Look at which of the probabilities is returned.",
    ),
    Mistake(
        "per-cent",
        "The probability is given in per cent; it lies between 0 and 1.",
        (Change("float(probabilities[best])", "100 * float(probabilities[best])"),),
        "The probability has another unit.",
        "Read in the docstring between which numbers it lies.",
    ),
    Mistake(
        "softmax-twice",
        "A softmax is applied to what the network has already turned into probabilities.",
        (
            Change(
                PROBABILITIES,
                PROBABILITIES + "    probabilities = np.exp(probabilities) / np.exp(probabilities).sum()\n",
            ),
        ),
        "The class is right, but the probabilities are much too even.",
        "Look at what the network's last layer does already.",
    ),
)

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "ResNet50": IN_THE_STAGES + IN_THE_STEM + IN_THE_HEAD,
    "one_hot": IN_ONE_HOT,
    "predict_class": IN_PREDICT_CLASS,
}
"""Name of an exercise to its mistakes."""
