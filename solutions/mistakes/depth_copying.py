"""Mistakes in `copy_weights`."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.depth_lines import FITS, GIVEN, KEPT, NO_WEIGHTS, SET, UNUSED

WHICH_WEIGHTS = "Not all weights of a layer arrive."
REPORT = "The report of what did not fit is not right."

IN_COPY_WEIGHTS = (
    Mistake(
        "trainable-weights-only",
        "Only the trainable weights are copied: moving mean and moving variance stay behind.",
        (
            Change(
                SET,
                "            for mine, theirs in zip(layer.trainable_weights, weights):\n"
                "                mine.assign(theirs)\n",
            ),
        ),
        WHICH_WEIGHTS,
        "Which weights of a batch normalisation does training not learn?",
    ),
    Mistake(
        "statistics-only",
        "Of a batch normalisation only the moving mean and variance are copied; gamma and beta stay behind.",
        (
            Change(
                SET,
                "            if layer.non_trainable_weights:\n"
                "                weights = layer.get_weights()[:2] + weights[2:]\n" + SET,
            ),
        ),
        WHICH_WEIGHTS,
        "Compare all four weights of a batch normalisation before and after.",
    ),
    Mistake(
        "first-weight-only",
        "Only the first weight of each layer is copied: biases stay behind.",
        (Change(SET, "            layer.set_weights([weights[0], *layer.get_weights()[1:]])\n"),),
        WHICH_WEIGHTS,
        "How many weights has a convolution with a bias?",
    ),
    Mistake(
        "convolutions-only",
        "Only convolutions are copied.",
        (Change(NO_WEIGHTS, "        if not isinstance(layer, Conv2D):\n            continue\n"),),
        "Some layers keep their own weights.",
        "Which kinds of layers have weights?",
    ),
    Mistake(
        "by-position",
        "Layers are paired by their position; they have to be paired by their name.",
        (
            Change(
                "    given = {layer.name: layer for layer in source.layers}\n",
                "    given = {mine.name: layer for mine, layer in zip(target.layers, source.layers)}\n",
            ),
        ),
        "Layers are paired wrongly.",
        "By what do you find the partner of a layer?",
    ),
    Mistake(
        "by-shape",
        "Layers are paired by the shapes of their weights; they have to be paired by their name.",
        (
            Change(
                GIVEN,
                "        shapes = [tuple(weight.shape) for weight in layer.weights]\n"
                "        partners = [one for one in source.layers if [tuple(w.shape) for w in one.weights] == shapes]\n"
                "        weights = partners[0].get_weights() if partners else []\n",
            ),
        ),
        "Layers are paired wrongly.",
        "By what do you find the partner of a layer?",
    ),
    Mistake(
        "source-and-target-swapped",
        "The weights go from target to source.",
        (Change("    given = {layer", "    source, target = target, source\n    given = {layer"),),
        "The wrong model is changed.",
        "Which model is read, and which one is set?",
    ),
    Mistake(
        "nothing-copied",
        "No weight of target is set, though the report says so.",
        (Change(SET, ""),),
        "target is as it was.",
        "Which line changes a weight of target?",
    ),
    Mistake(
        "missing-layer-raises",
        "A layer of target that source does not have ends in an error; it has to keep its weights and be reported.",
        (Change(" if layer.name in given else []", ""),),
        "A layer without a partner is not handled.",
        "What happens to a name that only target has?",
    ),
    Mistake(
        "other-shapes-raise",
        "A layer whose namesake has other shapes ends in an error; it has to keep its weights and be reported.",
        (Change(FITS, "        if layer.name in given:\n"),),
        "A layer that does not fit is not handled.",
        "What does set_weights do with an array of another shape?",
    ),
    Mistake(
        "number-of-weights-compared",
        "Only the number of weights is compared, not their shapes.",
        (Change(FITS, "        if len(weights) == len(layer.weights):\n"),),
        "A layer that does not fit is not handled.",
        "When do the weights of two layers fit?",
    ),
    Mistake(
        "first-shape-compared",
        "Only the first weight's shape is compared: a layer with a bias and one without do not fit.",
        (Change(FITS, "        if weights and weights[0].shape == tuple(layer.weights[0].shape):\n"),),
        "A layer that does not fit is not handled.",
        "When do the weights of two layers fit?",
    ),
    Mistake(
        "weight-by-weight",
        "A layer is copied in part where only some of its weights fit; it has to be copied whole or not at all.",
        (
            Change(
                KEPT,
                "        for mine, theirs in zip(layer.weights, weights):\n"
                "            if tuple(mine.shape) == theirs.shape:\n"
                "                mine.assign(theirs)\n" + KEPT,
            ),
        ),
        "A layer is left half copied.",
        "What becomes of a layer of which one weight fits and another does not?",
    ),
    Mistake(
        "stops-at-the-first-misfit",
        "The loop ends at the first layer that does not fit; the layers behind it are never copied.",
        (Change(KEPT, KEPT + "        break\n"),),
        "Some layers keep their own weights.",
        "What happens to the layers behind one that does not fit?",
    ),
    Mistake(
        "misfits-not-reported",
        "Layers that kept their own weights are not reported.",
        (Change(KEPT, ""),),
        REPORT,
        "Where is a name put down that did not fit?",
    ),
    Mistake(
        "unused-not-reported",
        "Layers of source whose weights went nowhere are not reported.",
        (Change(UNUSED, "    unused = []\n"),),
        REPORT,
        "Which layers of source have no partner, or one that does not fit?",
    ),
    Mistake(
        "unused-only-by-name",
        "A layer of source whose weights did not fit is missing in unused: only names that target lacks are reported.",
        (Change("layer.name not in copied]", "layer.name not in {one.name for one in target.layers}]"),),
        REPORT,
        "Which layers of source have no partner, or one that does not fit?",
    ),
    Mistake(
        "layers-without-weights-reported",
        "Layers that have no weights are reported; nothing of them could be copied.",
        (Change(NO_WEIGHTS, ""), Change(FITS, FITS.replace("if ", "if layer.name in given and ", 1))),
        REPORT,
        "Has each layer of the report weights?",
    ),
    Mistake(
        "copied-reported",
        "The layers that were copied are reported in place of those that were not.",
        (
            Change("copied.add(layer.name)\n", "copied.add(layer.name)\n            kept.append(layer.name)\n"),
            Change("            continue\n        kept.append(layer.name)\n", "            continue\n"),
        ),
        REPORT,
        "What does the docstring say that kept holds?",
    ),
    Mistake(
        "report-swapped",
        "The two lists of the report are swapped.",
        (Change(UNUSED, UNUSED + "    kept, unused = unused, kept\n"),),
        REPORT,
        "In which order does the docstring name the two lists?",
    ),
)
