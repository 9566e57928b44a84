"""Words about the course of a training."""

from core.text import Text
from gui.glossary.term import Term

TRAINING_TERMS = (
    Term(
        key="batch",
        title=Text("Batch"),
        forms=Text("batch|batches|batch size"),
        text=Text(
            "The pictures that are computed together for one training step. Large batches give "
            "steadier steps, small ones more steps an epoch; 32 is a good start."
        ),
        place=Text("Train, “Batch size”, with an optimizer that takes steps."),
    ),
    Term(
        key="epoch",
        title=Text("Epoch"),
        forms=Text("epoch|epochs"),
        text=Text(
            "One pass over all training pictures. After each, the model is measured on the "
            "validation pictures, and the best epoch is kept."
        ),
        place=Text("Train, “Epochs”, and the axis of the plots."),
    ),
    Term(
        key="step",
        title=Text("Step"),
        forms=Text("training step|training steps|step|steps"),
        text=Text(
            "One change of the weights, computed from one batch. An epoch has as many steps as "
            "there are batches: 1,000 pictures in batches of 32 make 32."
        ),
        place=Text("Train: the thin lines of the plots are single steps."),
    ),
    Term(
        key="iteration",
        title=Text("Iteration"),
        forms=Text("iteration|iterations"),
        text=Text(
            "One round of a computation that is repeated. For the exact fit it looks at all "
            "pictures at once; for other optimizers it is another word for a step."
        ),
        place=Text("Train, “Epochs”, with the optimizer “Exact (L-BFGS)”."),
    ),
    Term(
        key="learning-rate",
        title=Text("Learning rate"),
        forms=Text("learning rate|learning rates|fine-tuning rate"),
        text=Text(
            "The size of each step. Too large, and the loss jumps or grows; too small, and "
            "training takes very long or gets stuck."
        ),
        place=Text("Train, “Learning rate”; “Find…” beside it tries several."),
    ),
    Term(
        key="schedule",
        title=Text("Schedule"),
        forms=Text("schedule|schedules"),
        text=Text(
            "How the learning rate changes over a run. Most begin with large steps, to get near a "
            "good place, and end with small ones, to settle there."
        ),
        place=Text("Train, “How it learns”, “Schedule”."),
    ),
    Term(
        key="optimizer",
        title=Text("Optimizer"),
        forms=Text("optimizer|optimizers"),
        text=Text(
            "The rule by which the loss changes the weights. Adam, AdamW and SGD take many steps, "
            "each from one batch; the exact fit computes the head's best weights from all pictures."
        ),
        place=Text("Train, “Optimizer”."),
    ),
    Term(
        key="lbfgs",
        title=Text("Exact fit (L-BFGS)"),
        forms=Text("L-BFGS|exact fit|fitted exactly"),
        text=Text(
            "A method that finds the best weights of the head from all pictures at once, in "
            "seconds. There is only one best answer for a given L2 penalty, so learning rate, "
            "batch size and schedule don't matter."
        ),
        place=Text("Train, “Optimizer”: “Exact (L-BFGS)”, the default."),
    ),
    Term(
        key="loss",
        title=Text("Loss"),
        forms=Text("loss|losses"),
        text=Text(
            "The error that training makes smaller: high when the right class gets a low "
            "probability. It also tells apart a confident answer and a lucky guess, which accuracy "
            "does not."
        ),
        place=Text("Train: the second plot."),
    ),
    Term(
        key="gradient-clipping",
        title=Text("Gradient clipping"),
        forms=Text("gradient clipping|gradient norm|gradient|gradients"),
        text=Text(
            "The gradient tells how the loss changes with each weight. Clipping limits its size, "
            "so that a single odd batch can't throw the training off."
        ),
        place=Text("Train, “How it learns”, “Gradient clipping”."),
    ),
    Term(
        key="ema",
        title=Text("Weight averaging (EMA)"),
        forms=Text("weight averaging|moving average|EMA"),
        text=Text(
            "To keep an average of the weights over the last steps (an exponential moving average) "
            "in place of the weights after the last one. It smooths the noise of single batches."
        ),
        place=Text("Train, “How it learns”, “Weight averaging”."),
    ),
    Term(
        key="early-stopping",
        title=Text("Early stopping"),
        forms=Text("early stopping|patience"),
        text=Text(
            "To end a training when the validation loss has not improved for some epochs, the "
            "patience. More epochs would only learn the training pictures by heart."
        ),
        place=Text("Train, “How it learns”, “Patience”."),
    ),
    Term(
        key="preset",
        title=Text("Preset"),
        forms=Text("preset|presets"),
        text=Text(
            "A set of values for the settings under one name, from quick to thorough. Changing a "
            "setting makes it “Custom”."
        ),
        place=Text("Train, at the top."),
    ),
    Term(
        key="seed",
        title=Text("Seed"),
        forms=Text("seed|seeds"),
        text=Text(
            "The number from which everything random in a run follows: the split, the order of the "
            "pictures, the changes of augmentation. The same seed gives the same model; other "
            "seeds show how much is luck."
        ),
        place=Text("Train, “Pictures”, “Seed”."),
    ),
    Term(
        key="mixed-precision",
        title=Text("Mixed precision"),
        forms=Text("mixed precision|half precision"),
        text=Text(
            "To compute with numbers of 16 bits where that is enough, and with 32 bits where it is "
            "not. Graphics cards are faster with them and need less memory."
        ),
        place=Text("Train, “Fine-tuning”, “Mixed precision”."),
    ),
)
