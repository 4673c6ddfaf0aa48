"""Keras as if it had just been imported, whatever a student's code has set.

Importing this module imports TensorFlow.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import keras
from keras.src.backend.common import global_state  # where Keras notes variables without values; it has no public name
from tensorflow.python.eager import context


@contextlib.contextmanager
def fresh_keras() -> Iterator[None]:
    """Start from Keras's defaults and an empty session, and give the student's settings back afterwards."""
    config = keras.config
    before = config.floatx(), config.image_data_format(), config.epsilon(), config.dtype_policy()
    mode = context.default_execution_mode
    try:
        _configure("float32", "channels_last", 1e-7, "float32")
        with context.eager_mode():  # and back, should somebody switch to TensorFlow 1's graphs
            yield
    finally:
        context.default_execution_mode = mode
        new_session()  # which sets the policy back as well
        _configure(*before)


def _configure(floatx: str, data_format: str, epsilon: float, policy: Any) -> None:
    keras.config.set_floatx(floatx)
    keras.config.set_image_data_format(data_format)
    keras.config.set_epsilon(epsilon)
    keras.config.set_dtype_policy(policy)


def new_session() -> None:
    """Do what `keras.utils.clear_session` does, but keep TensorFlow's kernels: making them anew is half of a case."""
    eager = context.context()
    eager.clear_kernel_cache = lambda: None  # on this one object, in place of its class's method
    try:
        keras.utils.clear_session(free_memory=False)
    finally:
        del eager.clear_kernel_cache


def give_values(variables: Iterable[Any]) -> None:
    """Let variables that were made without values have them, and not once more when Keras looks what it still owes."""
    for variable in variables:
        if variable._value is None:
            variable._deferred_initialize()
    owed = global_state.get_global_attribute("uninitialized_variables", [])
    owed[:] = [variable for variable in owed if variable._value is None]
