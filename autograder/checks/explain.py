"""What Python and Keras say of frequent mistakes, in a sentence for the student.

Each sentence says what the message proves, asks for the usual cause, and claims no more; the message follows it. They
are those of Keras 3.15, TensorFlow 2.21 and Python 3.11 to 3.13; what is worded otherwise elsewhere stands alone.
"""

import re
from ast import literal_eval
from dataclasses import dataclass

LAYER = r"<(?P<layer>\w+) name=(?P<name>[^,>]+)[^>]*>"
SHAPES = r"(?P<a>[(\[][^)\]]*[)\]]) and (?P<b>[(\[][^)\]]*[)\]])"
KINDS = r"(?P<layer>Conv2D|BatchNormalization|Activation|ReLU|Add|Dense|Concatenate|Flatten|\w+Pooling2D|ZeroPadding2D)"
FUNCTION = r"^(?:\S+\.)?(?P<layer>(?!__init__)[\w<>]+)"

CALLED = "a layer has to be called, as in {layer}(...)(X)"
MADE_FIRST = "a layer is made first and then called on its tensor, as in"
NO_NUMBERS = "a Keras tensor has a shape and no numbers yet"


@dataclass(frozen=True)
class Known:
    """An exception that can be explained.

    Args:
        types: names of its type, separated by spaces.
        pattern: what its message holds, as a regular expression.
        sentence: what that proves; it names groups of the pattern, and `differ` where there are two shapes, a and b.
    """

    types: str
    pattern: str
    sentence: str


NOTHING = (
    Known(
        "ValueError",
        r"Got 'None' .* as input for layer '(?P<name>[^']+)'",
        "the layer {name} is called on None: is a line of the gap still None?",
    ),
    Known(
        "ValueError TypeError AttributeError",
        r"'NoneType' object|value \(None\)|invalid value None of type|dtype: NoneType",
        "None stands where a value is needed: is a line of the gap still None, or does a function return nothing?",
    ),
)

LAYERS_AND_TENSORS = (
    Known(
        "ValueError",
        rf"^Only input tensors may be passed as positional arguments\..*: {LAYER}",
        f"the layer {{name}} is handed on where its result is needed: {CALLED}",
    ),
    Known(
        "ValueError",
        rf"(?:Attempt to convert a value \(|including invalid value ){LAYER}",
        f"the layer {{name}} stands where its result is needed: {CALLED}",
    ),
    Known(
        "AttributeError",
        rf"'{KINDS}' object has no attribute '\w+'",
        f"a {{layer}} layer stands where its result is needed: {CALLED}",
    ),
    Known(
        "TypeError",
        r"'KerasTensor' object is not callable",
        "a tensor is called as if it were a layer: does a pair of parentheses follow a name that holds a tensor?",
    ),
    Known(
        "ValueError",
        r"Could not interpret \w+ function identifier: <KerasTensor|must be one of .*<kerastensor",
        f'a tensor stands where a layer\'s setting belongs: {MADE_FIRST} Activation("relu")(X)',
    ),
    Known(
        "TypeError",
        r"^Merge\.__init__\(\) takes 1 positional argument",
        f"tensors stand where a layer is made: {MADE_FIRST} Add()([A, B])",
    ),
    Known(
        "TypeError",
        r"^(?P<layer>\w+)\.__init__\(\) takes \d+ positional arguments? but \d+ were given",
        f"{{layer}} is given too many arguments where it is made: {MADE_FIRST} {{layer}}(...)(X)",
    ),
    Known(
        "ValueError TypeError",
        r"^A merge layer should be called on a list of inputs|^too many positional arguments$",
        "layers that join tensors are called on one list of them, as in Add()([A, B])",
    ),
    Known(
        "ValueError",
        r"Layer \"?(?P<name>[^\" ]+)\"? expects (?P<wanted>\d+) input\(s\), but it received (?P<got>\d+)",
        "the layer {name} takes {wanted} tensor(s) and is given {got}",
    ),
)

NOT_KERAS = (
    Known(
        "ValueError",
        r"A KerasTensor cannot be used as input to a TensorFlow function",
        f"a function of TensorFlow is given a Keras tensor: {NO_NUMBERS}; use a layer, or a function of keras.ops",
    ),
    Known(
        "ValueError",
        r"cannot convert it to a NumPy array",
        f"a function of NumPy is given a Keras tensor: {NO_NUMBERS}; use a layer, or a function of keras.ops",
    ),
    Known(
        "ValueError TypeError",
        r"cannot convert it to an? (?:int|float)|KerasTensor cannot be used as a boolean",
        f"a Keras tensor stands where a number or a yes or no is needed: {NO_NUMBERS}, so that it can be neither a "
        "layer's setting nor the condition of an if",
    ),
    Known(
        "NotImplementedError",
        r"Iterating over a symbolic KerasTensor",
        f"a Keras tensor is unpacked or looped over: {NO_NUMBERS}, and counts as one value",
    ),
)

SHAPES_THAT_DO_NOT_FIT = (
    Known(
        "ValueError",
        rf"Inputs have incompatible shapes\. Received shapes {SHAPES}",
        "the tensors of a sum have the shapes {a} and {b} (without the batch), which must be equal: {differ}",
    ),
    Known(
        "ValueError",
        rf"Cannot broadcast shape, .*Input shapes are: {SHAPES}",
        "the tensors of a sum or product have the shapes {a} and {b}, which must be equal: {differ}",
    ),
    Known(
        "ValueError",
        r"`Concatenate` layer requires inputs with matching shapes",
        "tensors of different height or width cannot be concatenated: only the channels may differ",
    ),
    Known(
        "ValueError",
        r"Computed output size would be zero or negative\. Received:? `inputs[ .]shape=(?P<a>[^`]*)`",
        "the window is larger than the map that it moves over, of shape {a}: too many strides before it, or no "
        'padding="same"?',
    ),
    Known(
        "ValueError",
        r"Shapes used to initialize variables must be fully-defined.* path='(?P<name>[^'/]+)",
        "the layer {name} has a weight for each entry along an axis whose length is left open (None), such as height "
        "or width: is its axis the one of the channels?",
    ),
    Known(
        "ValueError",
        r"of layer '(?P<name>[^']+)' is incompatible with the layer: expected axis -1 .* value (?P<wanted>\d+), but "
        r"received input with shape (?P<a>\([^)]*\))",
        "the layer {name} was made for {wanted} channels and is given a tensor of shape {a}: does it serve two places?",
    ),
    Known(
        "ValueError",
        r"of layer '(?P<name>[^']+)' is incompatible with the layer: expected min_ndim=(?P<wanted>\d), found "
        r"ndim=(?P<got>\d)",
        "the layer {name} takes tensors of {wanted} axes, the batch among them, and is given one of {got}",
    ),
)

NAMES_AND_ARGUMENTS = (
    Known(
        "ValueError",
        r"^Unrecognized keyword arguments passed to (?P<layer>\w+): \{'(?P<word>\w+)'",
        "{layer} has no argument {word}: is it misspelled?",
    ),
    Known(
        "TypeError",
        r"got an unexpected keyword argument '(?P<word>\w+)'",
        "what is called there has no argument {word}: is it misspelled?",
    ),
    Known(
        "TypeError",
        rf"{FUNCTION}(?:\.__init__)?\(\) missing \d+ required \S+ arguments?: (?P<word>.+)$",
        "{layer} is not given its argument {word}: is it left out, or its keyword misspelled?",
    ),
    Known(
        "TypeError",
        rf"{FUNCTION}\(\) takes .*positional arguments? but .* given",
        "{layer} is given more arguments than it takes",
    ),
    Known(
        "UnboundLocalError",
        r"local variable '(?P<word>\w+)'",
        "{word} is used before a line of the function has given it a value",
    ),
    Known(
        "NameError",
        r"^name '(?P<word>\w+)' is not defined",
        "the name {word} is not known: is it misspelled, or the cell that defines it not run?",
    ),
    Known(
        "AttributeError",
        r"^module '(?P<layer>[\w.]+)' has no attribute '(?P<word>\w+)'",
        "the module {layer} has no {word}: is it misspelled?",
    ),
    Known(
        "ValueError",
        r"^too many values to unpack \(expected (?P<wanted>\d+)",
        "there are {wanted} names before an = and more values behind it: is a name missing?",
    ),
    Known(
        "ValueError",
        r"^not enough values to unpack \(expected (?P<wanted>\d+), got (?P<got>\d+)\)",
        "there are {wanted} names before an = and {got} value(s) behind it",
    ),
    Known(
        "ValueError",
        r"^Could not interpret (?P<kind>\w+)(?: function)? identifier: (?P<word>\w+)$",
        "Keras has no {kind} of the name {word}: is it misspelled?",
    ),
    Known(
        "TypeError",
        r"not supported between instances of 'TrackedList' and 'int'",
        "a list stands where a layer takes one number: is it filters in place of one of its numbers?",
    ),
    Known(
        "RecursionError",
        r"",
        "functions call one another without end: does a function call itself?",
    ),
)

MODELS = (
    Known(
        "ValueError",
        r"The name \"input_layer(?:_\d+)?\" is used",
        "the result is not made from the given input alone: the function makes an Input of its own",
    ),
    Known(
        "ValueError",
        r"The name \"(?P<name>[^\"]+)\" is used (?P<got>\d+) times in the model",
        "{got} layers have the name {name}; each needs a name of its own",
    ),
    Known(
        "ValueError",
        r"Output with path .* is not connected to `inputs`|Graph disconnected",
        "the result is not made from the input alone: a layer reads a tensor that comes from elsewhere",
    ),
)

KNOWN = (*NOTHING, *LAYERS_AND_TENSORS, *NOT_KERAS, *SHAPES_THAT_DO_NOT_FIT, *NAMES_AND_ARGUMENTS, *MODELS)

OTHER_ARGUMENTS = Known(
    "TypeError",
    r"\(\) (?:missing \d+ required|takes |got an unexpected keyword|got multiple values)",
    "{name} takes other arguments than in the notebook: give its first line back the form that it had",
)
"""What a call of the checks raises; it has no line of the student's."""


def explained(name: str, kind: str, message: str, line: str) -> str:
    """Return what an exception proves, in one sentence without a full stop; empty if it is not a known one.

    Args:
        name: name of the student's function.
        kind: name of the exception's type.
        message: what it says.
        line: the student's line that raised it; empty if the fault lies in how the function is called.
    """
    if not line and found(OTHER_ARGUMENTS, kind, message):
        return OTHER_ARGUMENTS.sentence.format(name=name)
    for known in KNOWN:
        match = found(known, kind, message)
        if match:
            words = match.groupdict(default="")
            return known.sentence.format(**words, differ=_differ(words.get("a", ""), words.get("b", "")))
    return ""


def found(known: Known, kind: str, message: str) -> re.Match[str] | None:
    """Return where an exception is the one that is explained, or None if it is another."""
    return re.search(known.pattern, message, re.DOTALL) if kind in known.types.split() else None


def _differ(a: str, b: str) -> str:
    """Say in which axes two shapes differ, both being written as height, width and channels at the end."""
    try:
        first, second = literal_eval(a), literal_eval(b)
    except (SyntaxError, ValueError):
        return ""
    if len(first) != len(second):
        return "one has more axes than the other"
    names = (
        ["height", "width", "channels"][-len(first) :] if len(first) < 4 else ["batch", "height", "width", "channels"]
    )
    pairs = zip(names, first, second, strict=False)
    return f"they differ in {' and '.join(name for name, one, other in pairs if one != other)}"
