"""Mistakes in `block1`: batch normalisations and names."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.depth_lines import BN_1, BN_2, BN_3, EPSILON, PROJECTION_BN

NAMES_HINT = "Layers have other names than the docstring says."
BN_HINT = "The batch normalisations are not set as the docstring says."

THE_BATCH_NORMALISATIONS = (
    Mistake(
        "first-bn-left-out",
        "The first convolution has no batch normalisation.",
        (Change(BN_1, ""),),
        "A layer is missing.",
        "Compare the first component with the formula.",
    ),
    Mistake(
        "second-bn-left-out",
        "The second convolution has no batch normalisation.",
        (Change(BN_2, ""),),
        "A layer is missing.",
        "Compare the second component with the formula.",
    ),
    Mistake(
        "third-bn-left-out",
        "The third convolution has no batch normalisation.",
        (Change(BN_3, ""),),
        "A layer is missing.",
        "Compare the third component with the formula.",
    ),
    Mistake(
        "epsilon-left-out",
        "The batch normalisations have Keras's own epsilon, 0.001, instead of 1.001e-5.",
        (Change(EPSILON, "", times=4),),
        BN_HINT,
        "Look at the arguments of each BatchNormalization.",
    ),
    Mistake(
        "epsilon-rounded",
        "The batch normalisations have the epsilon 1e-5 instead of 1.001e-5.",
        (Change("epsilon=1.001e-5", "epsilon=1e-5", times=4),),
        BN_HINT,
        "Compare the epsilon with the docstring, digit by digit.",
    ),
    Mistake(
        "epsilon-left-out-on-the-shortcut",
        "The projection's batch normalisation has Keras's own epsilon, 0.001, instead of 1.001e-5.",
        (Change(PROJECTION_BN, PROJECTION_BN.replace(EPSILON, "")),),
        BN_HINT,
        "Look at the batch normalisation of the shortcut.",
    ),
    Mistake(
        "other-momentum",
        "The batch normalisations have another momentum than Keras's own.",
        (Change(EPSILON, EPSILON + "momentum=0.9, ", times=4),),
        BN_HINT,
        "Which arguments of BatchNormalization does the docstring speak of?",
    ),
    Mistake(
        "bn-axis-1",
        "The batch normalisations normalise axis 1, the rows; the channels are the last axis.",
        (Change(EPSILON, EPSILON + "axis=1, ", times=4),),
        BN_HINT,
        "Along which axis do the channels of x lie?",
    ),
    Mistake(
        "training-true",
        "Batch normalisation is called with training=True; the mode is chosen by who uses the model.",
        (*(Change(line, line.replace("(x)", "(x, training=True)")) for line in (BN_1, BN_2, BN_3)),),
        "The block fixes what its user should choose.",
        "Look at how the batch normalisations are called.",
    ),
    Mistake(
        "training-false",
        "Batch normalisation is called with training=False; the mode is chosen by who uses the model.",
        (*(Change(line, line.replace("(x)", "(x, training=False)")) for line in (BN_1, BN_2, BN_3)),),
        "The block fixes what its user should choose.",
        "Look at how the batch normalisations are called.",
    ),
    Mistake(
        "bn-frozen",
        "The batch normalisations are frozen: they neither learn nor update their statistics.",
        (Change(EPSILON, EPSILON + "trainable=False, ", times=4),),
        BN_HINT,
        "Which arguments of BatchNormalization does the docstring speak of?",
    ),
)

THE_NAMES = (
    Mistake(
        "names-left-out",
        "The convolutions and batch normalisations of the main path have no names.",
        tuple(Change(f', name=f"{{name}}_{part}_{kind}")', ")") for part in "123" for kind in ("conv", "bn")),
        NAMES_HINT,
        "Compare the names, layer by layer, with those that the check expects.",
    ),
    Mistake(
        "names-from-0",
        "The main path's layers are numbered from 0 and the shortcut's last; the shortcut has the 0.",
        (
            *(Change(f'{{name}}_0_{kind}")', f'{{name}}_shortcut_{kind}")') for kind in ("conv", "bn")),
            *(Change(f'{{name}}_1_{kind}")', f'{{name}}_0_{kind}")') for kind in ("conv", "bn", "relu")),
            *(Change(f'{{name}}_2_{kind}")', f'{{name}}_1_{kind}")') for kind in ("conv", "bn", "relu")),
            *(Change(f'{{name}}_3_{kind}")', f'{{name}}_2_{kind}")') for kind in ("conv", "bn")),
            *(Change(f'{{name}}_shortcut_{kind}")', f'{{name}}_3_{kind}")') for kind in ("conv", "bn")),
        ),
        NAMES_HINT,
        "Which number belongs to the shortcut?",
    ),
    Mistake(
        "conv-and-bn-names-swapped",
        "The first convolution has the name of its batch normalisation and the other way round.",
        (
            Change('{name}_1_conv"', '{name}_1_swapped"'),
            Change('{name}_1_bn"', '{name}_1_conv"'),
            Change('{name}_1_swapped"', '{name}_1_bn"'),
        ),
        NAMES_HINT,
        "Compare the names, layer by layer, with those that the check expects.",
    ),
    Mistake(
        "fixed-names",
        "The name is written into the layers as a constant; it has to come from the argument.",
        (Change('name=f"{name}_', 'name="conv2_block1_', times=None),),
        NAMES_HINT,
        "Which argument do the names begin with?",
    ),
    Mistake(
        "relu-and-sum-unnamed",
        "The ReLUs and the sum have no names.",
        (
            Change('Activation("relu", name=f"{name}_1_relu")', 'Activation("relu")'),
            Change('Activation("relu", name=f"{name}_2_relu")', 'Activation("relu")'),
            Change('Activation("relu", name=f"{name}_out")', 'Activation("relu")'),
            Change('Add(name=f"{name}_add")', "Add()"),
        ),
        NAMES_HINT,
        "Layers without weights have names, too.",
    ),
    Mistake(
        "name-twice",
        "Two layers have the same name.",
        (Change('{name}_2_bn")', '{name}_1_bn")'),),
        NAMES_HINT,
        "Which name stands twice?",
    ),
)

SETTINGS = (*THE_BATCH_NORMALISATIONS, *THE_NAMES)
