"""Mistakes in the stack of blocks."""

from autograder.course.mistakes import Change, Mistake

REACHED = "if current_stride == output_stride:"
MULTIPLY = '                rate *= unit["stride"]\n'
COUNT = '                current_stride *= unit["stride"]\n'
NET_ATROUS = "                net = block.unit_fn(net, rate=rate, **given)\n"
NET_PLAIN = "                net = block.unit_fn(net, rate=1, **given)\n"
REFUSE = "if output_stride is not None and current_stride != output_stride:"

BY_HAND = "Go through a stack of three units with strides 2, 2 and 1 and output_stride 1 by hand."
THE_RATE = "Look at the line that changes the rate: when does it run, and what does it do?"
THE_STRIDE = "Look at the line that changes current_stride: when does it run, and what does it do?"
THE_CALL = "Look at the arguments with which the unit function is called."
SCOPES = "Look at the scope that a unit is given."
THE_REFUSAL = "Look at the condition before the ValueError."

THE_COUNTING = (
    Mistake(
        "rate-adds",
        "The strides left out are added to the rate; they have to multiply it.",
        (Change('rate *= unit["stride"]', 'rate += unit["stride"] - 1'),),
        BY_HAND,
        THE_RATE,
    ),
    Mistake(
        "rate-is-the-stride",
        "The rate becomes the stride that was left out last; all of them have to multiply it.",
        (Change('rate *= unit["stride"]', 'rate = max(rate, unit["stride"])'),),
        "Leave out two strides, one after the other.",
        THE_RATE,
    ),
    Mistake(
        "rate-before-the-unit",
        "A unit's own stride is part of its own rate; it counts for the units behind it.",
        (Change(NET_ATROUS + MULTIPLY, MULTIPLY + NET_ATROUS),),
        BY_HAND,
        THE_RATE,
    ),
    Mistake(
        "rate-always-1",
        "Every unit has rate 1, so that strides are left out without anything in their place.",
        (Change(MULTIPLY, ""),),
        BY_HAND,
        "What happens with the stride that is left out?",
    ),
    Mistake(
        "rate-in-every-unit",
        "The rate also counts strides that are not left out.",
        (Change(COUNT, COUNT + MULTIPLY),),
        "Which strides multiply the rate?",
        THE_RATE,
    ),
    Mistake(
        "rate-begins-again-in-each-block",
        "The rate begins at 1 again in each block.",
        (Change("    for block in blocks:\n", "    for block in blocks:\n        rate = 1\n"),),
        "Leave out strides in two blocks.",
        "Where does the rate get its first value?",
    ),
    Mistake(
        "rate-after-the-block",
        "The rate changes only after the block; units of the same block behind a left-out stride need it too.",
        (
            Change("    for block in blocks:\n", "    for block in blocks:\n        left_out = 1\n"),
            Change(MULTIPLY, MULTIPLY.replace("rate", "left_out")),
            Change(COUNT, COUNT + "        rate *= left_out\n"),
        ),
        "Try a block whose stride does not sit in its last unit.",
        THE_RATE,
    ),
    Mistake(
        "stride-kept",
        "Units keep their stride and get a rate as well.",
        (Change('                given["stride"] = 1\n', ""),),
        "Compare height and width of the result.",
        "What becomes of a unit's stride once output_stride is reached?",
    ),
    Mistake(
        "stride-added",
        "The strides are added up; they multiply.",
        (Change("current_stride *=", "current_stride +="),),
        "How much smaller is a map after the strides 2 and 3?",
        THE_STRIDE,
    ),
    Mistake(
        "reached-one-unit-early",
        "The unit that leads to output_stride has already lost its stride.",
        (Change(REACHED, 'if current_stride * unit["stride"] == output_stride:'),),
        BY_HAND,
        "Look at the condition: what is compared with output_stride?",
    ),
    Mistake(
        "every-stride-counted",
        "current_stride counts every stride, also those to be left out, so that only the full stride is reached.",
        (Change(REACHED, "if False:"),),
        "Ask for output_stride 1.",
        "Where is output_stride used?",
    ),
    Mistake(
        "only-output-stride-1",
        "Only output_stride 1 is ever reached, since current_stride stays 1.",
        (Change(REACHED, "if output_stride is not None:"),),
        "Ask for an output_stride between 1 and that of all strides.",
        "Look at the condition: what is compared with output_stride?",
    ),
)

THE_CALLS = (
    Mistake(
        "net-not-passed-on",
        "Every unit reads the input of the stack; it has to read what the unit before it made.",
        (
            Change("    for block in blocks:\n", "    inputs = net\n    for block in blocks:\n"),
            Change("block.unit_fn(net,", "block.unit_fn(inputs,", times=2),
        ),
        "Follow the tensor from unit to unit.",
        "What is the first argument of the unit function?",
    ),
    Mistake(
        "block-input-for-every-unit",
        "Every unit of a block reads the block's input; it has to read what the unit before it made.",
        (
            Change("    for block in blocks:\n", "    for block in blocks:\n        inputs = net\n"),
            Change("block.unit_fn(net,", "block.unit_fn(inputs,", times=2),
        ),
        "Follow the tensor from unit to unit.",
        "What is the first argument of the unit function?",
    ),
    Mistake(
        "last-unit-left-out",
        "The last unit of each block is left out.",
        (Change("enumerate(block.args, start=1)", "enumerate(block.args[:-1], start=1)"),),
        "Count the units.",
        "Look at the inner loop.",
    ),
    Mistake(
        "units-reversed",
        "The units of each block come in the reverse order.",
        (Change("enumerate(block.args, start=1)", "enumerate(reversed(block.args), start=1)"),),
        "Compare the order of the units.",
        "Look at the inner loop.",
    ),
    Mistake(
        "units-counted-from-0",
        "The units are counted from 0; their scopes count from 1.",
        (Change("enumerate(block.args, start=1)", "enumerate(block.args)"),),
        "Compare the scopes.",
        SCOPES,
    ),
    Mistake(
        "units-counted-on",
        "The units are counted on from block to block; each block begins at 1.",
        (
            Change("    for block in blocks:\n", "    built = 0\n    for block in blocks:\n"),
            Change("enumerate(block.args, start=1):\n", "enumerate(block.args, start=built + 1):\n"),
            Change(COUNT, COUNT + "        built += len(block.args)\n"),
        ),
        "Compare the scopes.",
        SCOPES,
    ),
    Mistake(
        "scope-without-block",
        "The scope of a unit lacks that of its block.",
        (Change("{block.scope}.unit_{number}", "unit_{number}"),),
        "Compare the scopes.",
        SCOPES,
    ),
    Mistake(
        "scope-without-unit",
        "All units of a block have the block's scope.",
        (Change('f"{block.scope}.unit_{number}"', "block.scope"),),
        "Compare the scopes.",
        SCOPES,
    ),
    Mistake(
        "scope-with-slash",
        "Block and unit are joined by a slash; Keras 3 refuses slashes in names of layers.",
        (Change("{block.scope}.unit_{number}", "{block.scope}/unit_{number}"),),
        "Compare the scopes.",
        SCOPES,
    ),
    Mistake(
        "end-points-not-collected",
        "The units are given no dictionary for their end points.",
        (Change("outputs_collections=end_points, ", ""),),
        "Which end points come back?",
        THE_CALL,
    ),
    Mistake(
        "end-points-of-the-last-block",
        "Each block begins a new dictionary, so that only the last block's end points come back.",
        (Change("    for block in blocks:\n", "    for block in blocks:\n        end_points = {}\n"),),
        "Which end points come back?",
        "How many dictionaries are there?",
    ),
    Mistake(
        "unit-changed-in-place",
        "The stride is set to 1 in the unit's own dictionary, so that the caller's blocks are changed.",
        (
            Change(
                '                given["stride"] = 1\n',
                '                left_out = unit["stride"]\n                unit["stride"] = given["stride"] = 1\n',
            ),
            Change('rate *= unit["stride"]', "rate *= left_out"),
        ),
        "Look at the blocks before and after.",
        "Whose dictionary is changed?",
    ),
)

THE_REFUSALS = (
    Mistake(
        "nothing-refused",
        "No output_stride is refused.",
        (Change(REFUSE, "if False:"),),
        "Ask for an output_stride that no stride leads to.",
        "When is a ValueError raised?",
    ),
    Mistake(
        "too-large-not-refused",
        "An output_stride beyond that of all strides is not refused.",
        (Change("current_stride != output_stride", "current_stride > output_stride"),),
        "Ask for twice the stride of all units.",
        THE_REFUSAL,
    ),
    Mistake(
        "between-not-refused",
        "An output_stride between two that can be reached is not refused.",
        (Change("current_stride != output_stride", "current_stride < output_stride"),),
        "Ask for an output_stride that the strides pass over.",
        THE_REFUSAL,
    ),
    Mistake(
        "divisors-not-refused",
        "An output_stride that divides the product of all strides is not refused; it may be passed over all the same.",
        (Change("current_stride != output_stride:", "current_stride % output_stride:"),),
        "Ask for an output_stride that the strides pass over.",
        THE_REFUSAL,
    ),
    Mistake(
        "none-refused",
        "output_stride=None is refused, which asks for nothing.",
        (Change("output_stride is not None and ", ""),),
        "Leave output_stride out.",
        THE_REFUSAL,
    ),
    Mistake(
        "other-exception",
        "Another exception than a ValueError is raised.",
        (Change("raise ValueError", "raise AssertionError"),),
        "Which exception does the docstring name?",
        "Look at the line that raises it.",
    ),
)

IN_STACK = THE_COUNTING + THE_CALLS + THE_REFUSALS
