"""Right descriptions of blocks, stacks and networks written differently."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.atrous_network import STRIDES

ARGS = '    args = [{"depth": 4 * base_depth, "depth_bottleneck": base_depth, "stride": one} for one in strides]\n'
BLOCK = "    block = Block(scope, bottleneck, args)\n"

IN_BLOCK = (
    Style(
        "loop",
        "A loop appends the units.",
        (
            Change(f"    {STRIDES}\n", ""),
            Change(
                ARGS,
                "    args = []\n    for number in range(num_units):\n"
                "        last = number == num_units - 1\n"
                "        args.append(dict(depth=base_depth * 4, depth_bottleneck=base_depth, "
                "stride=stride if last else 1))\n",
            ),
        ),
    ),
    Style(
        "multiplied-list",
        "One dictionary stands for all units but the last.",
        (
            Change(f"    {STRIDES}\n", ""),
            Change(
                ARGS,
                '    unit = {"depth": base_depth * 4, "depth_bottleneck": base_depth, "stride": 1}\n'
                '    args = [unit] * (num_units - 1) + [{**unit, "stride": stride}]\n',
            ),
        ),
    ),
    Style(
        "last-changed",
        "The stride of the last unit is set at the end.",
        (Change(STRIDES, "strides = [1] * num_units"), Change(BLOCK, '    args[-1]["stride"] = stride\n' + BLOCK)),
    ),
    Style(
        "keywords",
        "Block is given keywords.",
        (
            Change(
                "block = Block(scope, bottleneck, args)", "block = Block(scope=scope, args=args, unit_fn=bottleneck)"
            ),
        ),
    ),
    Style(
        "other-order",
        "The keys of the dictionaries come in another order.",
        (
            Change(
                ARGS,
                ARGS.replace('"stride": one}', "}").replace('{"depth"', '{"stride": one, "depth"').replace(", }", "}"),
            ),
        ),
    ),
)

LOOPS = """\
    for block in blocks:
        for number, unit in enumerate(block.args, start=1):
            given: dict[str, Any] = dict(unit, outputs_collections=end_points, scope=f"{block.scope}.unit_{number}")
"""
BODY = """\
            if current_stride == output_stride:
                given["stride"] = 1
                net = block.unit_fn(net, rate=rate, **given)
                rate *= unit["stride"]
            else:
                net = block.unit_fn(net, rate=1, **given)
                current_stride *= unit["stride"]
"""
REFUSAL = """\
    if output_stride is not None and current_stride != output_stride:
        raise ValueError(f"The output stride {output_stride} cannot be reached: the units lead to {current_stride}.")
"""

ONE_CALL = """\
            reached = current_stride == output_stride
            given["stride"] = 1 if reached else unit["stride"]
            net = block.unit_fn(net, rate=rate, **given)
            if reached:
                rate = rate * unit["stride"]
            else:
                current_stride = current_stride * unit["stride"]
"""
POSITIONAL = """\
            wide, narrow, stride = unit["depth"], unit["depth_bottleneck"], unit["stride"]
            name = block.scope + ".unit_" + str(number)
            if output_stride is not None and current_stride == output_stride:
                net = block.unit_fn(net, wide, narrow, 1, rate, end_points, name)
                rate *= stride
            else:
                net = block.unit_fn(net, wide, narrow, stride, 1, end_points, name)
                current_stride *= stride
"""
IN_A_LIST = """\
    units = [
        (f"{block.scope}.unit_{i + 1}", block.unit_fn, dict(unit))
        for block in blocks
        for i, unit in enumerate(block.args)
    ]
    for name, unit_fn, unit in units:
        stride = unit.pop("stride")
        left_out = current_stride == output_stride
        unit["stride"] = 1 if left_out else stride
        net = unit_fn(net, rate=rate, scope=name, outputs_collections=end_points, **unit)
        if left_out:
            rate *= stride
        else:
            current_stride *= stride
"""
BEFOREHAND = """\
    reached = [1]
    for block in blocks:
        for unit in block.args:
            reached.append(reached[-1] * unit["stride"])
    if output_stride is not None and output_stride not in reached:
        raise ValueError("not reached")
"""
IN_STACK = (
    Style("one-call", "The unit function is called in one place.", (Change(BODY, ONE_CALL),)),
    Style("positional", "Units are given their arguments by position.", (Change(LOOPS + BODY, LOOPS + POSITIONAL),)),
    Style("units-in-a-list", "All units are listed first.", (Change(LOOPS + BODY, IN_A_LIST),)),
    Style(
        "refused-beforehand",
        "What can be reached is found out before anything is built.",
        (Change(REFUSAL, ""), Change("    for block in blocks:\n", BEFOREHAND + "    for block in blocks:\n")),
    ),
    Style(
        "refused-early-too",
        "A stride that passes output_stride is refused at once.",
        (
            Change(
                BODY,
                BODY + "                if output_stride is not None and current_stride > output_stride:\n"
                '                    raise ValueError("passed")\n',
            ),
        ),
    ),
    Style(
        "own-collections",
        "Each unit fills a dictionary of its own.",
        (
            Change("outputs_collections=end_points", "outputs_collections={}"),
            Change(
                BODY,
                BODY + '            end_points.update(given["outputs_collections"])\n',
            ),
        ),
    ),
    Style(
        "nested-condition",
        "None is asked for first.",
        (
            Change(
                "if current_stride == output_stride:",
                "if output_stride is not None and not current_stride < output_stride:",
            ),
        ),
    ),
)

FOUR = """\
    blocks = [
        resnet_v1_block("block1", width, 3, 2),
        resnet_v1_block("block2", 2 * width, 4, 2),
        resnet_v1_block("block3", 4 * width, 6, 1),
        resnet_v1_block("block4", 8 * width, 3, 1),
    ]
"""

IN_NETWORK = (
    Style(
        "loop",
        "A loop makes the blocks.",
        (
            Change(
                FOUR,
                "    blocks = []\n"
                "    for i, (units, stride) in enumerate([(3, 2), (4, 2), (6, 1), (3, 1)]):\n"
                '        blocks.append(resnet_v1_block(f"block{i + 1}", width * 2**i, units, stride))\n',
            ),
        ),
    ),
    Style(
        "keywords",
        "The blocks are made with keywords.",
        (
            Change('"block1", width, 3, 2', 'scope="block1", base_depth=width, num_units=3, stride=2'),
            Change('"block2", 2 * width, 4, 2', 'stride=2, num_units=4, base_depth=width * 2, scope="block2"'),
        ),
    ),
    Style(
        "tuple",
        "The blocks stand in a tuple.",
        (Change(FOUR, FOUR.replace("[\n", "(\n").replace("    ]\n", "    )\n")),),
    ),
    Style(
        "first-of-the-pair",
        "The result is taken out of the pair by its number.",
        (
            Change(
                "outputs, _ = stack_blocks_dense(inputs, blocks, output_stride)",
                "outputs = stack_blocks_dense(net=inputs, blocks=blocks, output_stride=output_stride)[0]",
            ),
        ),
    ),
    Style(
        "block-by-hand",
        "A block is made without resnet_v1_block.",
        (
            Change(
                'resnet_v1_block("block4", 8 * width, 3, 1)',
                'Block("block4", bottleneck, [{"depth": 32 * width, "depth_bottleneck": 8 * width, "stride": 1}] * 3)',
            ),
        ),
    ),
)
