"""Words about overfitting and what helps against it."""

from core.text import Text
from gui.glossary.term import Term

OVERFITTING_TERMS = (
    Term(
        key="overfitting",
        title=Text("Overfitting"),
        forms=Text("overfitting|overfit|overfits"),
        text=Text(
            "The model learns its training pictures by heart instead of what they have in common. "
            "You see it where the training loss falls and the validation loss rises; more pictures "
            "help most."
        ),
        place=Text("Train: the gap between the solid and the dashed line."),
    ),
    Term(
        key="regularisation",
        title=Text("Regularisation, L2"),
        forms=Text("regularisation|regularization|L2 penalty|L2|weight decay"),
        text=Text(
            "Anything that keeps a model simple, against overfitting. L2 adds the squared weights "
            "to the loss and so keeps them small; weight decay shrinks them a little in each step."
        ),
        place=Text("Train, “Against overfitting”, “L2”."),
    ),
    Term(
        key="dropout",
        title=Text("Dropout"),
        forms=Text("dropout"),
        text=Text(
            "To set some of the features to zero at random in each step. The head can't rely on "
            "any single one of them and overfits less."
        ),
        place=Text("Train, “Against overfitting”, “Dropout”."),
    ),
    Term(
        key="label-smoothing",
        title=Text("Label smoothing"),
        forms=Text("label smoothing"),
        text=Text(
            "To ask for a little less than 100% for the right class, and to spread the rest over "
            "the others. The model gets less sure of itself, which helps where some labels are "
            "wrong."
        ),
        place=Text("Train, “Against overfitting”, “Label smoothing”."),
    ),
    Term(
        key="hidden-units",
        title=Text("Hidden units"),
        forms=Text("hidden units|ReLU"),
        text=Text(
            "An extra layer between the features and the classes, in which negative numbers become "
            "zero (ReLU). The head can then learn more complicated borders between classes, and "
            "overfits more easily."
        ),
        place=Text("Train, “How it learns”, “Hidden units”."),
    ),
    Term(
        key="class-weights",
        title=Text("Class weights"),
        forms=Text("class weights"),
        text=Text(
            "To count the pictures of rare classes more, so that a model doesn't neglect them "
            "for the common ones."
        ),
        place=Text("Train, “Pictures”, “Class weights”."),
    ),
    Term(
        key="augmentation",
        title=Text("Augmentation"),
        forms=Text("augmentation|augmentations|augmented version|augmented versions"),
        text=Text(
            "To show training randomly changed versions of your pictures: flipped, rotated, "
            "brighter. The model learns that such changes don't matter; validation and test "
            "pictures stay as they are."
        ),
        place=Text("Train, “Augmentation”, with a preview."),
    ),
    Term(
        key="mixup",
        title=Text("Mixup"),
        forms=Text("mixup"),
        text=Text(
            "To blend two pictures and their labels: 70% cat and 30% dog. It keeps the model from "
            "being too sure between classes."
        ),
        place=Text("Train, “Augmentation”, “Mixup”."),
    ),
    Term(
        key="near-duplicate",
        title=Text("Duplicate, near duplicate"),
        forms=Text("near duplicate|near duplicates|duplicate|duplicates"),
        text=Text(
            "A picture that looks the same as another, or nearly: saved again, made smaller, the "
            "next one of a burst. They stay in one split, since a copy of a training picture in "
            "the test would make the result look too good."
        ),
        place=Text("Images, the list of problems below the pictures."),
    ),
)
