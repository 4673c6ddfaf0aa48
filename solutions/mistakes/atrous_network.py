"""Mistakes in the description of a block and in the network."""

from autograder.course.mistakes import Change, Mistake

STRIDES = "strides = [1] * (num_units - 1) + [stride]"
WHERE_STRIDE = "Write down the strides of a block of three units with stride 2."
COMPREHENSION = "Look at the dictionaries of the units."

IN_BLOCK = (
    Mistake(
        "stride-in-the-first-unit",
        "The stride sits in the first unit; it belongs into the last.",
        (Change(STRIDES, "strides = [stride] + [1] * (num_units - 1)"),),
        WHERE_STRIDE,
        "Which unit has the stride?",
    ),
    Mistake(
        "stride-in-every-unit",
        "Every unit has the stride; only the last one may.",
        (Change(STRIDES, "strides = [stride] * num_units"),),
        WHERE_STRIDE,
        "Which units have the stride?",
    ),
    Mistake(
        "stride-in-no-unit",
        "No unit has the stride.",
        (Change(STRIDES, "strides = [1] * num_units"),),
        WHERE_STRIDE,
        "Where is the argument stride used?",
    ),
    Mistake(
        "one-unit-too-many",
        "There is one unit too many.",
        (Change("num_units - 1", "num_units"),),
        "Count the units.",
        "How many units are there before the one with the stride?",
    ),
    Mistake(
        "depth-not-times-4",
        "The depth of the units is base_depth; it has to be four times as much.",
        (Change('"depth": 4 * base_depth', '"depth": base_depth'),),
        "Compare the depths.",
        COMPREHENSION,
    ),
    Mistake(
        "depth-and-bottleneck-swapped",
        "depth and depth_bottleneck are swapped.",
        (
            Change('"depth": 4 * base_depth', '"depth": base_depth'),
            Change('"depth_bottleneck": base_depth', '"depth_bottleneck": 4 * base_depth'),
        ),
        "Compare the depths.",
        COMPREHENSION,
    ),
    Mistake(
        "tuples",
        "The arguments of a unit are tuples, as in early editions of TF-Slim; they have to be dictionaries.",
        (
            Change(
                '{"depth": 4 * base_depth, "depth_bottleneck": base_depth, "stride": one}',
                "(4 * base_depth, base_depth, one)",
            ),
        ),
        "Of which type are the arguments of a unit?",
        COMPREHENSION,
    ),
    Mistake(
        "fixed-scope",
        "The scope is a constant.",
        (Change("block = Block(scope,", 'block = Block("block1",'),),
        "What are the layers of the block named after?",
        "Look at the line that makes the Block.",
    ),
    Mistake(
        "unit-function-called",
        "The unit function is called; the block has to hold the function itself.",
        (Change("block = Block(scope, bottleneck, args)", "block = Block(scope, bottleneck(), args)"),),
        "A function is handed on without brackets behind it.",
        "Look at the line that makes the Block.",
    ),
    Mistake(
        "unit-function-by-name",
        "The block holds the name of the unit function; it has to hold the function itself.",
        (Change("block = Block(scope, bottleneck, args)", 'block = Block(scope, "bottleneck", args)'),),
        "Of which type is unit_fn?",
        "Look at the line that makes the Block.",
    ),
    Mistake(
        "gap-left-as-none",
        "The block is still None.",
        (Change("block = Block(scope, bottleneck, args)", "block = None"),),
        "Nothing is returned.",
        "Look at the last line of the gap.",
    ),
)

TABLE = "Compare each line of the list with the table."
HANDED_ON = "Look at the line that builds the stack."

IN_NETWORK = (
    Mistake(
        "strides-of-imagenet",
        "The strides are 2, 2, 2, 1, as in the classifying network with a stem; here they are 2, 2, 1, 1.",
        (Change('"block3", 4 * width, 6, 1', '"block3", 4 * width, 6, 2'),),
        "Compare the strides.",
        TABLE,
    ),
    Mistake(
        "first-stride-1",
        "The first block has stride 1, as where a stem comes before it.",
        (Change('"block1", width, 3, 2', '"block1", width, 3, 1'),),
        "Compare the strides.",
        TABLE,
    ),
    Mistake(
        "width-not-doubled",
        "All blocks have the same base depth; it doubles from block to block.",
        (
            Change('"block2", 2 * width', '"block2", width'),
            Change('"block3", 4 * width', '"block3", width'),
            Change('"block4", 8 * width', '"block4", width'),
        ),
        "Compare the base depths.",
        TABLE,
    ),
    Mistake(
        "base-depths-added",
        "The base depths are 1, 2, 3 and 4 times the width; they double from block to block.",
        (Change('"block3", 4 * width', '"block3", 3 * width'), Change('"block4", 8 * width', '"block4", 4 * width')),
        "Compare the base depths.",
        TABLE,
    ),
    Mistake(
        "fixed-width",
        "The base depths are constants; they have to follow from the width.",
        (
            Change('"block1", width', '"block1", 64'),
            Change('"block2", 2 * width', '"block2", 128'),
            Change('"block3", 4 * width', '"block3", 256'),
            Change('"block4", 8 * width', '"block4", 512'),
        ),
        "Try another width.",
        TABLE,
    ),
    Mistake(
        "units-of-resnet-101",
        "The third block has 23 units, as in ResNet-101.",
        (Change("4 * width, 6, 1", "4 * width, 23, 1"),),
        "Compare the numbers of units.",
        TABLE,
    ),
    Mistake(
        "units-and-stride-swapped",
        "Number of units and stride are swapped in a block.",
        (Change('"block1", width, 3, 2', '"block1", width, 2, 3'),),
        "Compare numbers of units and strides.",
        TABLE,
    ),
    Mistake(
        "last-block-left-out",
        "The last block is left out.",
        (Change('        resnet_v1_block("block4", 8 * width, 3, 1),\n', ""),),
        "Count the blocks.",
        TABLE,
    ),
    Mistake(
        "scope-twice",
        "Two blocks have the same scope.",
        (Change('"block4"', '"block3"'),),
        "Compare the scopes.",
        TABLE,
    ),
    Mistake(
        "output-stride-not-handed-on",
        "output_stride is not handed on to the stack.",
        (Change(", blocks, output_stride)", ", blocks)"),),
        "Ask for output_stride 1.",
        HANDED_ON,
    ),
    Mistake(
        "stack-not-used",
        "The model ends at its input: what the stack makes is not used.",
        (Change("outputs, _ =", "_ ="), Change("    ### END", "    outputs = inputs\n    ### END")),
        "What does the model return?",
        HANDED_ON,
    ),
    Mistake(
        "pair-as-output",
        "The pair that the stack returns is taken for its result.",
        (Change("outputs, _ =", "outputs ="),),
        "stack_blocks_dense returns two things.",
        HANDED_ON,
    ),
    Mistake(
        "relu-at-the-end",
        "A ReLU is added behind the stack, whose last unit has one.",
        (Change("    ### END", '    outputs = Activation("relu")(outputs)\n    ### END'),),
        "Count the layers behind the stack.",
        HANDED_ON,
    ),
)
