"""Words about the network: backbone, head, and what is between them."""

from core.text import Text
from gui.glossary.term import Term

MODEL_TERMS = (
    Term(
        key="transfer-learning",
        title=Text("Transfer learning"),
        forms=Text("transfer learning"),
        text=Text(
            "To start from a network that has learned another task. Fieldguide takes a backbone "
            "that has seen a million photographs and trains what your classes need, so that some "
            "dozens of pictures a class are enough."
        ),
        place=Text("Train: every training is one."),
    ),
    Term(
        key="backbone",
        title=Text("Backbone"),
        forms=Text("backbone|backbones"),
        text=Text(
            "The pretrained network that turns a picture into numbers, its features. It has "
            "learned from a million photographs or more to see edges, textures and shapes; your "
            "classes are learned from what it sees."
        ),
        place=Text("Train, “Backbone”; Edit → Backbones…"),
    ),
    Term(
        key="head",
        title=Text("Head"),
        forms=Text("head|heads|new last layer"),
        text=Text(
            "The new last layer, which learns to tell your classes apart from the features of the "
            "backbone. It is small and is trained in seconds."
        ),
        place=Text("Train: the mode “Fast” trains only the head."),
    ),
    Term(
        key="layer",
        title=Text("Layer"),
        forms=Text("layer|layers"),
        text=Text(
            "One step of a network's computation, with weights of its own. The first layers of a "
            "backbone see edges and colours, the later ones parts of objects."
        ),
        place=Text("Train, “Fine-tuning”, “Layers”: how many of them are trained."),
    ),
    Term(
        key="weights",
        title=Text("Weights"),
        forms=Text("weights|parameters"),
        text=Text(
            "The numbers inside a network, also called its parameters. Training changes them so "
            "that the loss falls."
        ),
        place=Text("Edit → Backbones…, the column with the number of parameters."),
    ),
    Term(
        key="feature",
        title=Text("Feature, feature vector"),
        forms=Text("feature|features|feature vector|feature vectors"),
        text=Text(
            "A feature is a number that the backbone computes from a picture; all of them together "
            "are its feature vector. Pictures that look alike have similar ones, which is why a "
            "small head can tell classes apart."
        ),
        place=Text("Train, “Features”."),
    ),
    Term(
        key="bottleneck",
        title=Text("Bottleneck"),
        forms=Text("bottleneck|bottlenecks"),
        text=Text(
            "A feature vector that is kept on disk, so that it is computed once for each picture "
            "and not in every epoch. The name comes from the narrow place of a network, just "
            "before its last layer."
        ),
        place=Text("Edit → Storage… shows how much disk space they take."),
    ),
    Term(
        key="stages",
        title=Text("Stages of a backbone"),
        forms=Text("several stages|earlier stages|stages"),
        text=Text(
            "Groups of layers that see a picture at the same resolution, each half as fine as the "
            "one before. The head may see the means of the earlier stages too, which mostly makes "
            "it more accurate."
        ),
        place=Text("Train, “Features”."),
    ),
    Term(
        key="frozen-layer",
        title=Text("Frozen layer"),
        forms=Text("frozen layer|frozen layers|frozen|freeze|freezes|unfrozen"),
        text=Text(
            "A layer whose weights stay as they are while others are trained. “Fast” freezes the "
            "whole backbone; fine-tuning unfreezes its last layers, or all of them."
        ),
        place=Text("Train, “Mode”, and “Layers” under “Fine-tuning”."),
    ),
    Term(
        key="fine-tuning",
        title=Text("Fine-tuning"),
        forms=Text("fine-tuning|fine-tune|fine-tunes|fine-tuned"),
        text=Text(
            "To train the backbone too, after the head, in much smaller steps. It is slower and "
            "often more accurate, above all when your pictures are unlike everyday photographs."
        ),
        place=Text("Train, “Mode”."),
    ),
    Term(
        key="batch-norm",
        title=Text("Batch normalisation"),
        forms=Text("batch normalisation|batch norm"),
        text=Text(
            "A layer that brings the numbers between two others into a steady range, by the mean "
            "and spread of the batch. Small batches give poor estimates of them, so it stays as "
            "pretrained unless you ask for it."
        ),
        place=Text("Train, “Fine-tuning”, “Batch norm”."),
    ),
    Term(
        key="logits",
        title=Text("Logits and softmax"),
        forms=Text("logit|logits|softmax"),
        text=Text(
            "Logits are the head's raw scores, one for each class, of any size. Softmax turns them "
            "into probabilities: positive numbers that add up to 100%."
        ),
        place=Text("Classify: the bars are the probabilities."),
    ),
    Term(
        key="imagenet",
        title=Text("ImageNet"),
        forms=Text("ImageNet"),
        text=Text(
            "A collection of 1.3 million photographs in 1,000 classes, on which most backbones "
            "were trained and are compared. A high accuracy there is a good sign, and no promise, "
            "for your pictures."
        ),
        place=Text("Edit → Backbones…, the column with the accuracy."),
    ),
)
