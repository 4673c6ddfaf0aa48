"""Mistakes in freezing the batch normalisations of a model."""

from autograder.course.mistakes import Change, Mistake

LOOP = "    for layer in model.layers:\n"
CONDITION = "        if isinstance(layer, BatchNormalization):\n"
FREEZE = "            layer.trainable = False\n"
INSIDE = "        elif isinstance(layer, keras.Model):\n            freeze_batchnorm(layer)\n"

NOT_ALL = "Some batch normalisations are still trainable."
TOO_MUCH = "Layers that are no batch normalisations are changed."
NOT_FROZEN = "In training mode a batch normalisation does not work as in inference mode."
WHICH_ONES = "The condition that picks layers, and which layers the loop sees."
WHAT_IS_SET = "The line that is run for a batch normalisation: what does it set, and on which object?"

IN_FREEZE_BATCHNORM = (
    Mistake(
        "not-inside-models",
        "The batch normalisations of models inside the model stay trainable.",
        (Change(INSIDE, ""),),
        NOT_ALL,
        WHICH_ONES,
    ),
    Mistake(
        "one-level-inside",
        "The models directly inside the model are looked into, but not the models inside those.",
        (
            Change(
                INSIDE,
                "        elif isinstance(layer, keras.Model):\n"
                "            for inner in layer.layers:\n"
                "                if isinstance(inner, BatchNormalization):\n"
                "                    inner.trainable = False\n",
            ),
        ),
        NOT_ALL,
        "What is done with a layer that is a model itself.",
    ),
    Mistake(
        "first-only",
        "The loop ends after the first batch normalisation.",
        (Change(FREEZE, FREEZE + "            break\n"),),
        NOT_ALL,
        "Where the loop ends.",
    ),
    Mistake(
        "by-name",
        "Layers are picked by their names, which need not tell what a layer is.",
        (Change("isinstance(layer, BatchNormalization)", '"bn" in layer.name'),),
        "The layers that are frozen are others than the batch normalisations.",
        WHICH_ONES,
    ),
    Mistake(
        "every-normalisation",
        "Every layer whose class has Normalization in its name is frozen, layer normalisations as well.",
        (Change("isinstance(layer, BatchNormalization)", '"Normalization" in type(layer).__name__'),),
        TOO_MUCH,
        WHICH_ONES,
    ),
    Mistake(
        "everything-frozen",
        "The whole model is frozen.",
        (Change(LOOP + CONDITION + FREEZE + INSIDE, "    model.trainable = False\n"),),
        TOO_MUCH,
        "On which object trainable is set.",
    ),
    Mistake(
        "models-inside-frozen",
        "A model inside the model is frozen as a whole.",
        (Change("            freeze_batchnorm(layer)\n", "            layer.trainable = False\n"),),
        TOO_MUCH,
        "What is done with a layer that is a model itself.",
    ),
    Mistake(
        "others-thawed",
        "All layers but the batch normalisations are set to trainable, also those that were frozen before.",
        (
            Change(
                CONDITION + FREEZE + INSIDE,
                "        if isinstance(layer, keras.Model):\n"
                "            freeze_batchnorm(layer)\n"
                "        else:\n"
                "            layer.trainable = not isinstance(layer, BatchNormalization)\n",
            ),
        ),
        TOO_MUCH,
        "What is set on a layer that is no batch normalisation.",
    ),
    Mistake(
        "others-frozen",
        "The batch normalisations stay trainable and all other layers are frozen: the condition is the wrong way.",
        (
            Change(
                CONDITION + FREEZE + INSIDE,
                "        if isinstance(layer, keras.Model):\n"
                "            freeze_batchnorm(layer)\n"
                "        elif not isinstance(layer, BatchNormalization):\n"
                "            layer.trainable = False\n",
            ),
        ),
        "The layers that are frozen are others than the batch normalisations.",
        WHICH_ONES,
    ),
    Mistake(
        "momentum-instead",
        "The momentum is set to 1: the moving statistics stay, but in training mode those of the batch are still used.",
        (Change(FREEZE, "            layer.momentum = 1.0\n"),),
        NOT_FROZEN,
        WHAT_IS_SET,
    ),
    Mistake(
        "nothing-frozen",
        "No batch normalisation is frozen: what is set or called has no effect on the layers of the given model.",
        (Change(FREEZE, "            layer.training = False\n"),),
        NOT_FROZEN,
        WHAT_IS_SET,
    ),
)
