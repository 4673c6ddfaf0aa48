"""The reference blocks against numbers that follow from their formulas, and against seeded ones."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from solutions.blocks import convolutional_block, identity_block

pytestmark = pytest.mark.tensorflow

S = 1.001**-0.5
"""What a fresh batch normalisation multiplies with in inference: variance 1, epsilon 0.001."""


@pytest.fixture(autouse=True)
def fresh_session() -> None:
    """Layer names are free again."""
    keras.utils.clear_session(free_memory=False)


def identity(f: int, filters: list[int], size: tuple[int, ...], stage: int = 1, block: str = "a") -> keras.Model:
    """Build a model of one identity block."""
    inputs = keras.Input(size)
    return keras.Model(inputs, identity_block(inputs, f, filters, stage, block))


def convolutional(f: int, filters: list[int], size: tuple[int | None, ...], **arguments: int) -> keras.Model:
    """Build a model of one convolutional block."""
    inputs = keras.Input(size)
    return keras.Model(inputs, convolutional_block(inputs, f, filters, 1, "a", **arguments))


def with_kernels_of_one(model: keras.Model) -> keras.Model:
    """Set every kernel to ones."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.kernel.assign(tf.ones_like(layer.kernel))
    return model


def constant_images() -> np.ndarray:
    """Return three 4x4x3 images filled with -1, 1 and 3."""
    return np.stack([np.full((4, 4, 3), value, np.float32) for value in (-1, 1, 3)])


@pytest.mark.parametrize(
    ("training", "row"),
    [
        (False, [1.5164889, 0.4172562, 0.0, 0.9675092, 0.0, 0.0]),
        (True, [0.9242013, 1.5559974, 0.0, 0.54236656, 0.38232106, 0.6216715]),
    ],
)
def test_seeded_values(training: bool, row: list[float]) -> None:
    """glorot_uniform(seed=0) gives the values that TensorFlow 2.16 to 2.21 agree on."""
    x = np.random.RandomState(1).randn(3, 4, 4, 6).astype(np.float32)
    output = np.asarray(identity(2, [2, 4, 6], (4, 4, 6))(x, training=training))
    np.testing.assert_allclose(output[1, 1, 1], row, rtol=1e-5)


def test_identity_block_with_kernels_of_one_in_inference() -> None:
    """Each pixel of the image of ones is k * s**3 + 1, where k counts the products that reach it."""
    model = with_kernels_of_one(identity(2, [4, 4, 3], (4, 4, 3)))
    negative, ones, threes = np.asarray(model(constant_images(), training=False)).mean(axis=-1)
    k = np.full((4, 4), 192.0)
    k[3, :] = k[:, 3] = 96.0
    k[3, 3] = 48.0
    np.testing.assert_allclose(ones, k * S**3 + 1, rtol=1e-6)
    np.testing.assert_allclose(threes, 3 * ones, rtol=1e-6)
    assert not negative.any()


def test_identity_block_with_kernels_of_one_in_training() -> None:
    """In training the batch's own statistics take the constants away."""
    model = with_kernels_of_one(identity(3, [3, 3, 3], (4, 4, 3)))
    _, ones, threes = np.asarray(model(constant_images(), training=True)).mean(axis=-1)
    np.testing.assert_allclose(ones[0, 0], 0.373943, atol=1e-5)
    np.testing.assert_allclose(threes[0], [3.237901, 4.139424, 4.139424, 3.237901], atol=1e-5)


def test_convolutional_block_with_kernels_of_one() -> None:
    """With stride 2 the four output pixels of the image of ones follow from counting products."""
    model = with_kernels_of_one(convolutional(2, [2, 4, 6], (4, 4, 3), s=2))
    _, ones, _ = np.asarray(model(constant_images(), training=False)).mean(axis=-1)
    np.testing.assert_allclose(ones, [[98.85469, 50.926598], [50.926598, 26.96255]], rtol=1e-5)


def test_silent_main_path_leaves_relu_of_the_input() -> None:
    """With gamma and beta of the last batch normalisation at zero the identity block is relu, exactly."""
    model = identity(3, [2, 4, 5], (6, 7, 5))
    last = model.get_layer("bn1a_branch2c")
    last.gamma.assign(np.zeros(5))
    x = tf.constant(np.random.RandomState(0).randn(2, 6, 7, 5).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = model(x, training=False)
        total = tf.reduce_sum(output)
    assert np.array_equal(output, np.maximum(x, 0))
    assert np.array_equal(np.asarray(tape.gradient(total, x)) == 1, np.asarray(x) > 0)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_shapes_of_the_convolutional_block(stride: int) -> None:
    """Height and width are divided by s and rounded up, channels become F3, whatever the input's size."""
    assert convolutional(3, [2, 4, 6], (7, 5, 3), s=stride).output.shape == (None, -(-7 // stride), -(-5 // stride), 6)
    keras.utils.clear_session(free_memory=False)
    assert convolutional(3, [2, 4, 6], (None, None, 3), s=stride).output.shape == (None, None, None, 6)


def test_output_is_never_negative_but_the_main_path_is() -> None:
    """The last ReLU stands behind the sum: negative values of the main path reach it."""
    x = np.random.RandomState(0).randn(2, 6, 6, 4).astype(np.float32)
    model = identity(3, [2, 3, 4], (6, 6, 4))
    main_path = keras.Model(model.input, model.get_layer("bn1a_branch2c").output)
    assert np.asarray(model(x)).min() >= 0
    assert np.asarray(main_path(x)).min() < 0


def test_names() -> None:
    """Layers are named after stage, block and branch."""
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, convolutional_block(inputs, 3, [2, 4, 6], 4, "c"))
    named = {layer.name for layer in model.layers if layer.weights}
    branches = ("2a", "2b", "2c", "1")
    assert named == {f"{kind}4c_branch{branch}" for kind in ("res", "bn") for branch in branches}


def test_layers_of_equal_shape_start_with_equal_kernels() -> None:
    """The same seed everywhere makes kernels of equal shape identical: good for grading, bad for training."""
    model = identity(3, [4, 4, 4], (6, 6, 4))
    first, third = (model.get_layer(f"res1a_branch2{letter}").kernel for letter in "ac")
    assert np.array_equal(first, third)


def test_other_channels_raise() -> None:
    """An input whose channels differ from F3 is refused, where Keras's Add might broadcast it silently."""
    with pytest.raises(ValueError, match="X has 1 channels, F3 is 6"):
        identity(2, [2, 4, 6], (4, 4, 1))
