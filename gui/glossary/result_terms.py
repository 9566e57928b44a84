"""Words about measuring a model, and about its answers."""

from core.text import Text
from gui.glossary.term import Term

RESULT_TERMS = (
    Term(
        key="training-split",
        title=Text("Training split"),
        forms=Text("training split|training pictures|training picture"),
        text=Text("The pictures that the model learns from: eight in ten, unless you change it."),
        place=Text("Images, the filter above the pictures."),
    ),
    Term(
        key="validation-split",
        title=Text("Validation split"),
        forms=Text("validation split|validation pictures|validation picture|validation"),
        text=Text(
            "Pictures held out from training that decide which epoch is kept and when to stop. "
            "Since they have helped to choose, the accuracy on them is slightly optimistic."
        ),
        place=Text("Train, “Pictures”; the dashed line of the plots."),
    ),
    Term(
        key="test-split",
        title=Text("Test split"),
        forms=Text("test split|test pictures|test picture"),
        text=Text(
            "Pictures that are used only once, at the end, to measure the finished model. They had "
            "no part in any choice, so their accuracy is what to expect of new pictures."
        ),
        place=Text("Train, “Pictures”; Results."),
    ),
    Term(
        key="accuracy",
        title=Text("Accuracy"),
        forms=Text("accuracy|top-1 accuracy"),
        text=Text(
            "The fraction of pictures that are classified correctly. It hides classes that are "
            "rarely found when they have few pictures: look at the balanced accuracy too."
        ),
        place=Text("Results, at the top."),
    ),
    Term(
        key="balanced-accuracy",
        title=Text("Balanced accuracy"),
        forms=Text("balanced accuracy"),
        text=Text(
            "The mean of the classes' recalls, with each class counted the same, however many "
            "pictures it has."
        ),
        place=Text("Results, at the top."),
    ),
    Term(
        key="majority-baseline",
        title=Text("Majority baseline"),
        forms=Text("majority baseline"),
        text=Text(
            "The accuracy of always answering the class with the most training pictures. A useful "
            "model is well above it."
        ),
        place=Text("Results, at the top."),
    ),
    Term(
        key="recall",
        title=Text("Recall"),
        forms=Text("recall|recalls"),
        text=Text(
            "Of the pictures of a class, the fraction that is found. A low recall means that the "
            "model misses many of them."
        ),
        place=Text("Results, the table of the classes."),
    ),
    Term(
        key="precision",
        title=Text("Precision"),
        forms=Text("precision"),
        text=Text(
            "Of the pictures that were predicted as a class, the fraction that is correct. A low "
            "precision means many false alarms."
        ),
        place=Text("Results, the table of the classes."),
    ),
    Term(
        key="f1",
        title=Text("F1"),
        forms=Text("F1"),
        text=Text("The harmonic mean of precision and recall: high only if both are high."),
        place=Text("Results, the table of the classes."),
    ),
    Term(
        key="confusion-matrix",
        title=Text("Confusion matrix"),
        forms=Text("confusion matrix"),
        text=Text(
            "A table of which class was taken for which: rows are the actual classes, columns the "
            "predicted ones. What lies on the diagonal is correct."
        ),
        place=Text("Results: click a cell to see its pictures."),
    ),
    Term(
        key="interval",
        title=Text("Confidence interval"),
        forms=Text("confidence interval|confidence intervals|95% interval"),
        text=Text(
            "The range in which the true accuracy probably lies, given how many pictures were "
            "measured. Of 100 such intervals, about 95 hold the true value; with few pictures "
            "they are wide."
        ),
        place=Text("Results, beside the accuracy."),
    ),
    Term(
        key="confidence",
        title=Text("Confidence"),
        forms=Text("confidence"),
        text=Text(
            "The probability that the model gives to its answer for one picture. It says nothing "
            "about things that belong to none of your classes."
        ),
        place=Text("Classify, the column of the table; Results, the order of the mistakes."),
    ),
    Term(
        key="calibration",
        title=Text("Calibration"),
        forms=Text("calibration|calibrated"),
        text=Text(
            "A model is calibrated if its confidence is right on average: of many answers with "
            "80%, about 80 in 100 are correct. Fieldguide sees to this on the validation pictures "
            "after each training."
        ),
        place=Text("Classify, the confidence of each answer."),
    ),
    Term(
        key="threshold",
        title=Text("Threshold, unknown"),
        forms=Text("threshold|thresholds"),
        text=Text(
            "The confidence below which a picture is called unknown. Each training suggests one "
            "that 95% of the correctly classified validation pictures reach."
        ),
        place=Text("Classify, “unknown below” under the table."),
    ),
)
