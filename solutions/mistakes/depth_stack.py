"""Mistakes in `stack1`."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.depth_lines import FIRST_BLOCK, OTHER_BLOCK

STRIDE_HINT = "A stride is not right."
NAMES_HINT = "A name is not right."
COUNT_HINT = "The number of blocks is not right."
FILTERS_HINT = "A number of filters is not right."

IN_STACK1 = (
    Mistake(
        "stride-in-every-block",
        "Every block has the stride stride1; only the first has.",
        (Change("filters, conv_shortcut=False,", "filters, stride=stride1, conv_shortcut=False,"),),
        STRIDE_HINT,
        "Which block makes the map smaller?",
    ),
    Mistake(
        "no-stride",
        "No block has the stride stride1; the first must have it.",
        (Change("stride=stride1, ", ""),),
        STRIDE_HINT,
        "Which line reads stride1?",
    ),
    Mistake(
        "fixed-stride",
        "The first block's stride is always 2; it has to be stride1.",
        (Change("stride=stride1", "stride=2"),),
        STRIDE_HINT,
        "Which line reads stride1?",
    ),
    Mistake(
        "stride-as-the-window",
        "stride1 is handed to block1 as its third argument, which is kernel_size.",
        (Change("stride=stride1", "stride1"),),
        "An argument does not arrive where it should.",
        "In which order does block1 take its arguments?",
    ),
    Mistake(
        "projection-in-every-block",
        "Every block has a projection; only the first has.",
        (Change("conv_shortcut=False, ", ""),),
        "The shortcuts are not right.",
        "What does block1 take for conv_shortcut if it is told nothing?",
    ),
    Mistake(
        "projection-nowhere",
        "No block has a projection; the first needs one, since it changes the shape.",
        (Change("stride=stride1, ", "stride=stride1, conv_shortcut=False, "),),
        "The shortcuts are not right.",
        "Which block changes the shape?",
    ),
    Mistake(
        "shortcuts-turned-round",
        "The first block has the identity as its shortcut and the others a projection; it is the other way round.",
        (
            Change("stride=stride1, ", "stride=stride1, conv_shortcut=False, "),
            Change("filters, conv_shortcut=False, ", "filters, "),
        ),
        "The shortcuts are not right.",
        "Which block changes the shape?",
    ),
    Mistake(
        "one-block-too-few",
        "There is one block too few.",
        (Change("range(2, blocks + 1)", "range(2, blocks)"),),
        COUNT_HINT,
        "Where does the loop end, and does the number at its end belong to it?",
    ),
    Mistake(
        "one-block-too-many",
        "There is one block too many: the first one stands before the loop and is not counted.",
        (Change("range(2, blocks + 1)", "range(2, blocks + 2)"),),
        COUNT_HINT,
        "How many blocks are there with the one before the loop?",
    ),
    Mistake(
        "blocks-fixed",
        "The number of blocks is always 3; it has to be the argument.",
        (Change("range(2, blocks + 1)", "range(2, 4)"),),
        COUNT_HINT,
        "Which line reads blocks?",
    ),
    Mistake(
        "blocks-side-by-side",
        "Each block reads what the first one made; it has to read what the one before it made.",
        (
            Change(FIRST_BLOCK, FIRST_BLOCK.replace("    x = ", "    x = first = ")),
            Change("block1(x, filters, conv_shortcut", "block1(first, filters, conv_shortcut"),
        ),
        "The blocks are not chained.",
        "Which tensor does each block read?",
    ),
    Mistake(
        "blocks-not-used",
        "Only the first block reaches the result, however many are asked for.",
        (Change("        x = block1", "        y = block1"),),
        "Blocks are missing in what is returned.",
        "Does each line store its result where the next line reads it?",
    ),
    Mistake(
        "filters-expanded",
        "The blocks are given four times the filters; block1 itself makes four times as many channels of them.",
        (Change("block1(x, filters,", "block1(x, 4 * filters,", times=2),),
        FILTERS_HINT,
        "What does block1's docstring say that filters is?",
    ),
    Mistake(
        "filters-doubled",
        "Each block has twice the filters of the one before it; within a stage all have the same.",
        (
            Change(
                OTHER_BLOCK,
                "        filters = 2 * filters\n" + OTHER_BLOCK.replace("conv_shortcut=False", "conv_shortcut=True"),
            ),
        ),
        FILTERS_HINT,
        "Does filters change from block to block?",
    ),
    Mistake(
        "names-from-0",
        "The blocks are numbered from 0; they have to be numbered from 1.",
        (Change('{name}_block1")', '{name}_block0")'), Change("{number}", "{number - 1}")),
        NAMES_HINT,
        "What is the first block called?",
    ),
    Mistake(
        "names-not-of-the-stack",
        "The blocks' names do not begin with the stack's name.",
        (Change('f"{name}_block', 'f"block', times=2),),
        NAMES_HINT,
        "Which argument do the names begin with?",
    ),
    Mistake(
        "names-without-block",
        "The blocks are called by their number alone, without the word block.",
        (Change('f"{name}_block', 'f"{name}_', times=2),),
        NAMES_HINT,
        "Compare the names with the docstring, letter by letter.",
    ),
    Mistake(
        "names-fixed",
        "The names of the blocks are constants; they have to begin with the argument name.",
        (Change('f"{name}_block', 'f"conv2_block', times=2),),
        NAMES_HINT,
        "Which argument do the names begin with?",
    ),
    Mistake(
        "the-same-block-again",
        "All blocks behind the first have the same name.",
        (Change("_block{number}", "_block2"),),
        NAMES_HINT,
        "Which part of the name tells one block from the next?",
    ),
    Mistake(
        "gap-left-as-none",
        "Lines of the gap still say None.",
        (Change(FIRST_BLOCK, "    x = None\n"),),
        "The stack returns no tensor.",
        "Which line still says None?",
    ),
)
