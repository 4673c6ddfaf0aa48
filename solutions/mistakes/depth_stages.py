"""Mistakes in `resnet`: depths and stages."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.depth_lines import CHOICE, STAGES, TABLE

STRIDE_HINT = "A stride is not right."
NAMES_HINT = "A name is not right."
COUNT_HINT = "The number of blocks is not right."
FILTERS_HINT = "A number of filters is not right."
DEPTH_HINT = "Another depth is not refused as the docstring says."

THE_DEPTHS = (
    *(
        Mistake(
            f"wrong-blocks-{depth}",
            f"Depth {depth} has other numbers of blocks than in table 1.",
            (Change(f"{depth}: ({right})", f"{depth}: ({wrong})"),),
            COUNT_HINT,
            f"Compare the column of {depth} layers in table 1 with your numbers, stage by stage.",
        )
        for depth, right, wrong in (
            (18, "2, 2, 2, 2", "3, 4, 6, 3"),
            (34, "3, 4, 6, 3", "4, 4, 6, 3"),
            (50, "3, 4, 6, 3", "3, 4, 5, 3"),
            (101, "3, 4, 23, 3", "3, 4, 22, 3"),
            (152, "3, 8, 36, 3", "3, 4, 36, 3"),
        )
    ),
    Mistake(
        "depth-is-the-number-of-blocks",
        "The depth is taken for the number of blocks; it counts layers with weights, and a block has two or three.",
        (Change("152: (3, 8, 36, 3)", "152: (9, 24, 108, 11)"), Change("50: (3, 4, 6, 3)", "50: (9, 12, 18, 11)")),
        COUNT_HINT,
        "What does the depth count, according to the docstring?",
    ),
    Mistake(
        "bottlenecks-everywhere",
        "Depths 18 and 34 are made of bottleneck blocks; they are made of basic blocks.",
        (Change(CHOICE, "    stack = stack1\n"),),
        "Some depths have the wrong kind of block.",
        "Which of the two stacks belongs to which depths?",
    ),
    Mistake(
        "basic-blocks-everywhere",
        "Depths 50, 101 and 152 are made of basic blocks; they are made of bottleneck blocks.",
        (Change(CHOICE, "    stack = stack0\n"),),
        "Some depths have the wrong kind of block.",
        "Which of the two stacks belongs to which depths?",
    ),
    Mistake(
        "34-of-bottlenecks",
        "Depth 34 is made of bottleneck blocks; only its numbers of blocks are those of depth 50.",
        (Change("depth in (18, 34)", "depth == 18"),),
        "Some depths have the wrong kind of block.",
        "Which of the two stacks belongs to which depths?",
    ),
    Mistake(
        "50-of-basic-blocks",
        "Depth 50 is made of basic blocks; only its numbers of blocks are those of depth 34.",
        (Change("depth in (18, 34)", "depth <= 50"),),
        "Some depths have the wrong kind of block.",
        "Which of the two stacks belongs to which depths?",
    ),
    Mistake(
        "other-depth-a-key-error",
        "Another depth ends in a KeyError of the table; it has to be refused with a ValueError.",
        (Change(TABLE, TABLE.partition("    if ")[0]),),
        DEPTH_HINT,
        "What does the docstring say under Raises?",
    ),
    Mistake(
        "other-depth-taken-for-50",
        "Another depth gives a ResNet-50 without a word; it has to be refused with a ValueError.",
        (
            Change(TABLE, TABLE.partition("    if ")[0]),
            Change("table[depth]", "table.get(depth, table[50])"),
        ),
        DEPTH_HINT,
        "What does your function do with a depth that is not in the table?",
    ),
    Mistake(
        "other-depth-returned-as-text",
        "Another depth gives a sentence in place of a model; it has to be refused with a ValueError.",
        (Change('        raise ValueError(f"depth', '        return str(f"depth'),),
        DEPTH_HINT,
        "What becomes of the sentence about the wrong depth?",
    ),
)

THE_STAGES = (
    Mistake(
        "stage-2-with-stride-2",
        "The first stage has stride 2; the pooling has made the map small enough for it.",
        (Change("stride1=1 if stage == 0 else 2, ", ""),),
        STRIDE_HINT,
        "Which stage keeps height and width?",
    ),
    Mistake(
        "stage-5-with-stride-1",
        "The last stage has stride 1; it has to be 2.",
        (Change("1 if stage == 0 else 2", "1 if stage in (0, 3) else 2"),),
        STRIDE_HINT,
        "Which stages keep height and width?",
    ),
    Mistake(
        "every-stage-with-stride-1",
        "No stage has a stride; all but the first must have 2.",
        (Change("1 if stage == 0 else 2", "1"),),
        STRIDE_HINT,
        "Which stages keep height and width?",
    ),
    Mistake(
        "stride-as-the-name",
        "The stride is handed to the stack as its last argument, which is the name.",
        (
            Change(
                'stride1=1 if stage == 0 else 2, name=f"conv{stage + 2}")',
                'stride1=f"conv{stage + 2}", name=1 if stage == 0 else 2)',
            ),
        ),
        "An argument does not arrive where it should.",
        "In which order do the stacks take their arguments?",
    ),
    Mistake(
        "filters-not-doubled",
        "All stages have the same number of filters; each has twice as many as the one before it.",
        (Change("64 * 2**stage // divisor, blocks", "64 // divisor, blocks"),),
        FILTERS_HINT,
        "How many filters has each stage?",
    ),
    Mistake(
        "filters-quadrupled",
        "Each stage has four times the filters of the one before it; it has to be twice.",
        (Change("2**stage", "4**stage"),),
        FILTERS_HINT,
        "How many filters has each stage?",
    ),
    Mistake(
        "filters-added",
        "The filters grow by 64 from stage to stage; they have to be doubled.",
        (Change("64 * 2**stage", "64 * (stage + 1)"),),
        FILTERS_HINT,
        "How many filters has each stage?",
    ),
    Mistake(
        "filters-of-the-output",
        "The stages are given the numbers of their output channels, 256 to 2048; the stacks take those of the narrow "
        "convolutions.",
        (Change("64 * 2**stage", "256 * 2**stage"),),
        FILTERS_HINT,
        "What do the docstrings of the stacks say that filters is?",
    ),
    Mistake(
        "stages-not-divided",
        "The filters of the stages are not divided by divisor.",
        (Change("2**stage // divisor", "2**stage"),),
        FILTERS_HINT,
        "Which numbers of filters does divisor divide?",
    ),
    Mistake(
        "names-from-conv1",
        "The stages are named from conv1; they have to be named conv2 to conv5.",
        (Change("{stage + 2}", "{stage + 1}"),),
        NAMES_HINT,
        "What is the first stage called? The name conv1 belongs to the stem.",
    ),
    Mistake(
        "names-stage",
        "The stages are called stage2 to stage5; they have to be called conv2 to conv5.",
        (Change('name=f"conv{stage', 'name=f"stage{stage'),),
        NAMES_HINT,
        "Compare the names with the docstring.",
    ),
    Mistake(
        "stages-read-the-stem",
        "Each stage reads what the stem made; it has to read what the stage before it made.",
        (
            Change(STAGES, "    stem = x\n" + STAGES),
            Change("stack(x, 64", "stack(stem, 64"),
        ),
        "The stages are not chained.",
        "Which tensor does each stage read?",
    ),
    Mistake(
        "last-stage-left-out",
        "There are three stages only.",
        (Change("enumerate(table[depth])", "enumerate(table[depth][:3])"),),
        "A stage is missing.",
        "Count the stages.",
    ),
    Mistake(
        "blocks-in-another-order",
        "The numbers of blocks are used from the last stage to the first.",
        (Change("enumerate(table[depth])", "enumerate(reversed(table[depth]))"),),
        COUNT_HINT,
        "Which number of table 1 belongs to which stage?",
    ),
)
