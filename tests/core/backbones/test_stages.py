"""Where the stages of a network end, on graphs that are small enough to draw."""

from core.backbones.stages import Operation, find_stages

SIDE = (64, 64)


def activation(output: str, *inputs: str, side: int, channels: int = 8) -> Operation[str]:
    return Operation(output, inputs, (side, side, channels))


def other(output: str, *inputs: str) -> Operation[str]:
    """An operation whose output is no activation."""
    return Operation(output, inputs, None)


def ends(
    *operations: Operation[str], images: str = "images", vector: str = "vector", side=SIDE
) -> list[str]:
    return [stage.output for stage in find_stages(operations, images, vector, side)]


def plain(*more: Operation[str]) -> list[Operation[str]]:
    """A chain with two activations at each side from 32 to 2, and its mean."""
    operations = []
    before = "images"
    for side in (32, 16, 8, 4, 2):
        for name in (f"a{side}", f"b{side}"):
            operations.append(activation(name, before, side=side))
            before = name
    return [*operations, other("vector", before), *more]


def test_a_stage_ends_with_the_last_activation_of_a_size():
    assert ends(*plain()) == ["b8", "b4"]


def test_the_inside_of_a_residual_block_is_no_end():
    assert ends(
        activation("stem", "images", side=8),
        activation("first", "stem", side=8),
        activation("inside", "first", side=8),
        activation("sum", "first", "inside", side=8),
        activation("inside again", "sum", side=8),
        other("shortcut", "sum"),
        activation("small", "inside again", "shortcut", side=2),
        other("vector", "small"),
    ) == ["sum"]


def test_what_pads_or_passes_on_is_no_end_but_paths_lead_through_it():
    assert ends(
        activation("relu", "images", side=8),
        other("padded", "relu"),
        activation("convolved", "padded", side=4),
        other("passed on", "convolved"),
        activation("small", "passed on", side=2),
        other("vector", "small"),
    ) == ["relu", "convolved"]


def test_a_graph_without_activations_has_no_stages():
    assert ends(other("vector", "images")) == []
    assert ends(other("patches", "images"), other("vector", "patches")) == []


def test_the_images_may_be_listed_and_are_no_stage():
    assert ends(
        activation("images", side=8),
        activation("first", "images", side=4),
        activation("small", "first", side=2),
        other("vector", "small"),
    ) == ["first"]


def test_the_lowest_resolution_is_what_the_vector_is_the_mean_of():
    """Whatever that resolution is, its mean would be the vector again."""
    assert ends(activation("only", "images", side=4), other("vector", "only")) == []
    assert ends(
        activation("first", "images", side=8),
        activation("last", "first", side=4),
        other("vector", "last"),
    ) == ["first"]


def test_levels_that_a_network_skips_are_left_out():
    """Of a network that goes from a half to an eighth and from there to a 32nd."""
    assert ends(
        activation("half", "images", side=32),
        activation("eighth", "half", side=8),
        activation("end", "eighth", side=2),
        other("vector", "end"),
    ) == ["eighth"]
    assert (
        ends(
            activation("half", "images", side=32),
            activation("end", "half", side=2),
            other("vector", "end"),
        )
        == []
    )


def test_of_two_paths_only_what_both_lead_through_counts():
    assert ends(
        activation("stem", "images", side=8),
        activation("left", "stem", side=4),
        activation("right", "stem", side=4),
        activation("both", "left", "right", side=2),
        other("vector", "both"),
    ) == ["stem"]
    assert (
        ends(
            activation("left", "images", side=8),
            activation("right", "images", side=8),
            activation("left end", "left", side=2),
            activation("right end", "right", side=2),
            other("vector", "left end", "right end"),
        )
        == []
    )


def test_an_input_that_is_taken_twice_is_two_paths():
    """As in a product of an activation with itself."""
    assert ends(
        activation("stem", "images", side=8),
        activation("square", "stem", "stem", side=4),
        activation("small", "square", side=2),
        other("vector", "small"),
    ) == ["stem", "square"]


def test_what_does_not_depend_on_the_images_is_no_path():
    assert ends(
        activation("weights", side=8),
        activation("stem", "images", side=8),
        activation("weighted", "stem", "weights", side=4),
        activation("small", "weighted", side=2),
        other("vector", "small"),
    ) == ["stem", "weighted"]


def test_a_vector_that_ignores_the_images_has_no_stages():
    unused = activation("unused", "images", side=8)
    assert ends(unused, activation("constant", side=4), other("vector", "constant")) == []


def test_what_follows_the_vector_is_left_out():
    """Such as the classes that a backbone was trained with."""
    assert ends(*plain(other("classes", "vector"), other("side", "a8"))) == ["b8", "b4"]


def test_sides_that_are_no_power_of_two_go_to_the_nearest_level():
    """As those of Inception, whose convolutions cut the border off."""
    assert ends(
        activation("35", "images", side=35),
        activation("17", "35", side=17),
        activation("8", "17", side=8),
        other("vector", "8"),
        side=(299, 299),
    ) == ["35", "17"]


def test_images_need_not_be_square():
    assert ends(
        Operation("wide", ["images"], (4, 8, 3)),
        Operation("small", ["wide"], (1, 2, 3)),
        other("vector", "small"),
        side=(32, 64),
    ) == ["wide"]


def test_a_hundred_blocks_have_paths_without_number():
    """Each doubles them: counts must not overflow, and be equal to the last digit."""
    blocks = [activation("0", "images", side=8)]
    for number in range(1, 200):
        blocks.append(activation(f"{number} inside", f"{number - 1}", side=8))
        blocks.append(activation(f"{number}", f"{number - 1}", f"{number} inside", side=8))
    assert ends(*blocks, activation("end", "199", side=2), other("vector", "end")) == ["199"]
