"""The lines of `three_input_model` that mistakes and styles change."""

STEMS = "    trunk = Add()([halve(image, width, 7) for image in inputs])\n"
FIRST_BLOCKS = "    trunk = res_block(res_block(trunk, width), width)\n"
STAGES = """\
    for filters in (2 * width, 4 * width, 8 * width):
        trunk = halve(trunk, filters)
        trunk = res_block(res_block(trunk, filters), filters)
"""
HEADS = """\
    for _ in range(3):
        head = trunk
        for filters in (16 * width, 32 * width):
            head = halve(head, filters)
            head = res_block(res_block(head, filters), filters)
        outputs.append(head)
"""
