"""What each family of backbones is built of, in two sentences.

From the papers that introduced them: MobileNet V1 arXiv:1704.04861, V2 1801.04381, V3 1905.02244;
Inception V1 1409.4842, V2 1502.03167, V3 1512.00567, Inception-ResNet 1602.07261; ResNet V1
1512.03385, V2 1603.05027; NASNet 1707.07012, and for its speed ShuffleNet V2's section 3,
1807.11164; PNASNet 1712.00559; EfficientNet 1905.11946, V2 2104.00298; BiT 1912.11370.
EfficientNet-Lite is described in TensorFlow's blog of March 2020, "Higher accuracy on vision models
with EfficientNet-Lite".
"""

from core.text import Text
from gui.look.language import shown

FAMILIES = {
    "EfficientNet-Lite": Text(
        "EfficientNet made for phones and small processors: it leaves out what they compute slowly "
        "or quantise badly, the weighing of channels and the activation swish. Its first and last "
        "layers don't grow from Lite0 to Lite4, so that the larger ones stay fast."
    ),
    "MobileNet V1": Text(
        "Its convolutions are separable: one filters each channel by itself, and a second, one "
        "pixel wide, mixes the channels. That takes an eighth to a ninth of the computation of "
        "ordinary 3×3 convolutions, for a small loss of accuracy."
    ),
    "MobileNet V2": Text(
        "Each block widens its few channels, filters them one by one as in MobileNet V1, and "
        "narrows them again, and a skip connection joins the narrow ends. The narrow ends have no "
        "activation, which would lose information there."
    ),
    "MobileNet V3": Text(
        "A search by computer chose its blocks, those of MobileNet V2, for the speed measured on "
        "phones. Some blocks also weigh their channels by the content of the whole picture "
        "(squeeze and excitation)."
    ),
    "Inception V1": Text(
        "An Inception module looks at the same place with 1×1, 3×3 and 5×5 filters and a pooling "
        "side by side and joins the results, so it sees details and larger shapes at once. Narrow "
        "1×1 layers before the large filters keep the computation small."
    ),
    "Inception V2": Text(
        "Inception V1 with batch normalisation, which keeps the numbers between layers in a steady "
        "range and makes training faster. Two 3×3 filters in a row replace each 5×5 filter."
    ),
    "Inception V3": Text(
        "Its Inception modules split large filters into pairs of cheaper ones, such as 1×7 and "
        "7×1. The computation saved goes into a wider and deeper network that looks at larger "
        "pictures, 299×299 pixels."
    ),
    "Inception-ResNet V2": Text(
        "Inception modules with the skip connections of ResNet: each module adds to its input "
        "instead of replacing it. That makes so deep a network much faster to train."
    ),
    "ResNet V1": Text(
        "Each block adds its result to its input, which skips past it. A block has only to learn "
        "what to change, so that networks of 50 to 152 layers can still be trained."
    ),
    "ResNet V2": Text(
        "ResNet with normalisation and activation before each convolution, so that the skip "
        "connections pass their input on unchanged. That makes the deepest ones easier to train."
    ),
    "NASNet": Text(
        "A search by computer found the wiring of a small block on small pictures, and the network "
        "repeats this block many times. It is accurate for its amount of computation, but its many "
        "small operations side by side make it slower than that suggests."
    ),
    "PNASNet": Text(
        "Its block was found by a search that begins with simple blocks and extends the most "
        "promising ones. It is as accurate as NASNet, and the search took an eighth of the "
        "computation."
    ),
    "EfficientNet": Text(
        "Compound scaling: from B0 to B7, depth, width and the size of the picture grow together, "
        "in a fixed ratio, instead of one of them alone. The blocks are those of MobileNet V2 with "
        "squeeze and excitation, and reach more accuracy for the same computation."
    ),
    "EfficientNet V2": Text(
        "EfficientNet searched for fast training: its early blocks use one ordinary convolution "
        "in place of a separable one, which graphics cards compute faster. While it was "
        "pretrained, pictures and regularisation grew together, from easy to hard."
    ),
    "BiT": Text(
        "Big Transfer: ResNets made to be adapted to other tasks, of which BiT-M was trained on 14 "
        "million pictures and BiT-S on the 1.3 million of ImageNet. Group normalisation takes "
        "the place of batch normalisation, so that small batches do no harm in fine-tuning."
    ),
}


def family_text(family: str) -> str:
    """Return the explanation of a family of the catalogue; "" for others."""
    return shown(FAMILIES[family]) if family in FAMILIES else ""
