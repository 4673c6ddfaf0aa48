"""Mistakes in the stages of `ResNet50`: which blocks, in what order, with which arguments."""

from autograder.course.mistakes import Change, Mistake

STAGES = ((2, "abc"), (3, "abcd"), (4, "abcdef"), (5, "abc"))
"""Each stage with the letters of its blocks."""


def first(stage: int) -> str:
    """Return the line of a stage's convolutional block, as the reference has it."""
    width, s = 16 * 2**stage, 1 if stage == 2 else 2
    return f'    X = convolutional_block(X, 3, [{width}, {width}, {4 * width}], stage={stage}, block="a", s={s})\n'


def further(stage: int, letter: str) -> str:
    """Return the line of one of a stage's identity blocks, as the reference has it."""
    width = 16 * 2**stage
    return f'    X = identity_block(X, 3, [{width}, {width}, {4 * width}], stage={stage}, block="{letter}")\n'


FURTHER_17 = """\
    for letter in "ghijklmnopqrstuvw":
        X = identity_block(X, 3, [256, 256, 1024], 4, letter)
"""

THE_STAGES = (
    Mistake(
        "a-block-too-few",
        "Stage 4 has one identity block too few.",
        (Change(further(4, "f"), ""),),
        "A stage has not as many blocks as it should have.",
        "Count the lines of stage 4.",
    ),
    Mistake(
        "a-block-too-many",
        "Stage 3 has one identity block too many.",
        (Change(further(3, "d"), further(3, "d") + further(3, "e")),),
        "A stage has not as many blocks as it should have.",
        "Count the lines of stage 3.",
    ),
    Mistake(
        "the-stages-of-resnet101",
        "Stage 4 has the 23 blocks of ResNet-101.",
        (
            Change(
                further(4, "f"),
                further(4, "f") + FURTHER_17,
            ),
        ),
        "The network is much deeper than ResNet-50.",
        "Which column of the paper's table 1 does stage 4 come from?",
    ),
    Mistake(
        "stage-left-out",
        "Stage 5 is left out.",
        (Change(first(5) + further(5, "b") + further(5, "c"), ""),),
        "The network ends too early.",
        "Compare the stages with those of the docstring's table.",
    ),
    Mistake(
        "identity-block-first",
        "A stage begins with an identity block, which cannot change the number of channels.",
        (Change(first(3) + further(3, "b"), further(3, "b") + first(3)),),
        "The blocks of a stage stand in the wrong order.",
        "Look at the first block of stage 3: which kind can change the shape?",
    ),
    Mistake(
        "convolutional-blocks-everywhere",
        "Convolutional blocks stand where identity blocks belong.",
        (
            Change(
                "X = identity_block(X, 3, [512, 512, 2048],",
                "X = convolutional_block(X, 3, [512, 512, 2048], s=1,",
                times=2,
            ),
        ),
        "Some blocks are of the wrong kind.",
        "Look at stage 5: only the first block of a stage has to change the shape.",
    ),
    Mistake(
        "stages-swapped",
        "Two stages stand in the wrong order.",
        (
            Change("[128, 128, 512], stage", "[0, 0, 0], stage", times=4),
            Change("[256, 256, 1024], stage", "[128, 128, 512], stage", times=6),
            Change("[0, 0, 0], stage", "[256, 256, 1024], stage", times=4),
        ),
        "The numbers of filters do not grow from stage to stage.",
        "Compare the filters of stages 3 and 4.",
    ),
    Mistake(
        "filters-of-another-stage",
        "One block has the filters of another stage.",
        (Change(further(4, "b"), further(4, "b").replace("256, 256, 1024", "128, 128, 1024")),),
        "One block has other filters than its stage.",
        "Compare the lists of filters within stage 4.",
    ),
    Mistake(
        "filters-in-another-order",
        "In a stage the filters stand in another order than F1, F2, F3.",
        (Change("[512, 512, 2048], stage", "[2048, 512, 512], stage", times=3),),
        "The numbers of filters are right and stand in the wrong order.",
        "Look at stage 5: which of the three convolutions makes the wide output?",
    ),
    Mistake(
        "bottleneck-forgotten",
        "All three convolutions of a stage's blocks have the same number of filters; the third has four times as many.",
        (Change("[64, 64, 256], stage", "[64, 64, 64], stage", times=3),),
        "A stage makes too few channels.",
        "Look at the third number of stage 2's filters.",
    ),
    Mistake(
        "other-window",
        "A block is given another f than 3.",
        (Change("convolutional_block(X, 3, [256", "convolutional_block(X, 1, [256"),),
        "The window of a block's middle convolution is wrong.",
        "Look at the argument f of the blocks of stage 4.",
    ),
)

THE_STRIDES = (
    Mistake(
        "stage-2-with-stride-2",
        "Stage 2 halves the map, though the pooling in front of it has done so already.",
        (Change(', block="a", s=1)', ', block="a")'),),
        "The map is too small from some stage on.",
        "Look at the convolutional block of stage 2 and at the default of its s.",
    ),
    Mistake(
        "stage-5-with-stride-1",
        "Stage 5 does not halve the map.",
        (Change(first(5), first(5).replace("s=2", "s=1")),),
        "The map is too large from some stage on.",
        "Look at the convolutional block of stage 5.",
    ),
    Mistake(
        "strides-1-everywhere",
        "No stage halves the map.",
        (Change("s=2)", "s=1)", times=3),),
        "The map is too large from some stage on.",
        "Look at s in the convolutional blocks of the stages 3 to 5.",
    ),
    Mistake(
        "stride-equals-the-stage",
        "The stride of a convolutional block grows with its stage.",
        (Change(first(4), first(4).replace("s=2", "s=3")), Change(first(5), first(5).replace("s=2", "s=4"))),
        "The map is too small from some stage on.",
        "Look at s in the convolutional blocks of the stages 3 to 5.",
    ),
)

THE_LETTERS = (
    Mistake(
        "letter-twice",
        "Two blocks of a stage have the same letter, so that their layers have the same names.",
        (Change(further(3, "c"), further(3, "b")),),
        "Two blocks cannot be told apart by their names.",
        "Compare the letters within stage 3.",
    ),
    Mistake(
        "letters-go-on",
        "The letters go on from stage to stage; each stage begins with a again.",
        (
            Change('stage=3, block="d"', 'stage=3, block="g"'),
            Change('stage=3, block="c"', 'stage=3, block="f"'),
            Change('stage=3, block="b"', 'stage=3, block="e"'),
            Change('stage=3, block="a"', 'stage=3, block="d"'),
        ),
        "The names of a stage's blocks are not those of the docstring.",
        "Look at the letters of stage 3.",
    ),
    Mistake(
        "stages-counted-from-1",
        "The stages are counted from 1; the stem is stage 1, so that the first blocks are stage 2.",
        (
            Change("stage=2", "stage=1", times=3),
            Change("stage=3", "stage=2", times=4),
            Change("stage=4", "stage=3", times=6),
            Change("stage=5", "stage=4", times=3),
        ),
        "The stages have the wrong numbers.",
        "Which number has the first stage of blocks in the docstring's table?",
    ),
)

IN_THE_STAGES = THE_STAGES + THE_STRIDES + THE_LETTERS
