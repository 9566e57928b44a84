from dataclasses import replace

import pytest

from core.backbones.catalogue import catalogue
from core.backbones.store import list_backbones
from core.runs.speed_record import (
    Speed,
    default_speed,
    expected_seconds,
    read_speed,
    record_speed,
    recorded_speed,
    relative_cost,
    relative_tuning_cost,
    speed_key,
    speed_of,
)
from core.settings.choices import Features, Optimizer
from core.settings.config import DEFAULT_BACKBONE, TrainConfig

SPEED = Speed(images_per_s=100.0, step_s=0.001, rest_s=2.0)
BY_STEPS = TrainConfig(optimizer=Optimizer.ADAM, batch_size=10)


def test_a_record_of_an_earlier_version_is_read(fieldguide_home):
    file = fieldguide_home / "data" / "speed.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"mine": {"pictures_per_s": 100, "step_s": 0.001, "rest_s": 2}}')
    assert read_speed("mine") == SPEED
    assert recorded_speed("mine") == SPEED
    assert recorded_speed("other") is None


def test_a_recorded_speed_is_read_for_its_backbone_alone():
    record_speed("mine", SPEED)
    assert read_speed("mine") == SPEED
    assert read_speed("other") == default_speed()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[",
        "[]",
        '{"mine": 3}',
        '{"mine": {"pictures_per_s": -1, "step_s": 1, "rest_s": 1}}',
        '{"mine": {"pictures_per_s": null, "step_s": 1, "rest_s": 1}}',
        '{"mine": {"pictures_per_s": 1, "step_s": 1, "rest_s": 1, "more": null}}',
        '{"mine": {"pictures_per_s": 1, "step_s": 1}}',
    ],
)
def test_a_damaged_record_counts_as_none_and_is_replaced(fieldguide_home, content):
    file = fieldguide_home / "data" / "speed.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert read_speed("mine") == default_speed()
    record_speed("mine", SPEED)
    assert read_speed("mine") == SPEED


def test_expectation_adds_up_the_parts():
    config = replace(BY_STEPS, epochs=100, early_stopping_patience=0)
    seconds = expected_seconds(config, SPEED, num_images=1000, num_new_images=500)
    assert seconds == pytest.approx(500 / 100 + 100 * 80 * 0.001 + 2)


def test_known_features_and_early_stopping_save_time():
    config = replace(BY_STEPS, epochs=100)
    whole = replace(config, early_stopping_patience=0)
    assert expected_seconds(config, SPEED, num_images=1000, num_new_images=0) < expected_seconds(
        whole, SPEED, num_images=1000, num_new_images=1000
    )


def test_changed_copies_and_fine_tuning_take_their_time():
    config = replace(BY_STEPS, epochs=10, early_stopping_patience=0)
    plain = expected_seconds(config, SPEED, num_images=1000, num_new_images=0)

    def more(speed=SPEED, **changes):
        changed = replace(config, **changes)
        return expected_seconds(changed, speed, num_images=1000, num_new_images=0) - plain

    assert more(augmented_versions=3) == 0
    assert more(augmented_versions=3, rotation=10.0) == pytest.approx(3 * 800 / 100)
    fast = replace(SPEED, fine_tuning_images_per_s=20.0)
    epochs = [more(fast, fine_tune=True, fine_tune_epochs=count) for count in (1, 4)]
    assert epochs[1] - epochs[0] == pytest.approx(3 * 800 / 20)
    assert epochs[0] > 800 / 20  # it takes a while to begin
    # Never measured: slower than looking at the images once.
    assert more(fine_tune=True, fine_tune_epochs=1) > 800 / 100


def test_fewer_layers_take_less_time_but_never_less_than_the_way_forwards():
    def seconds(fraction: float) -> float:
        config = TrainConfig(fine_tune=True, fine_tune_fraction=fraction)
        return expected_seconds(
            config, Speed(100.0, 1e-4, 5.0, 40.0), num_images=4000, num_new_images=0
        )

    assert relative_tuning_cost(1.0) == 1.0
    assert seconds(0.1) < seconds(0.5) < seconds(1.0)
    assert seconds(0.01) > 0.2 * seconds(1.0)


WITH_TUNING = Speed(100.0, 0.001, 2.0, 20.0)


@pytest.fixture
def large(monkeypatch):
    """A backbone with twice the weights for images of twice the sides."""
    found, *_ = list_backbones()
    embedded = replace(found, multiply_adds=None)
    height, width = embedded.input_size
    info = replace(
        embedded,
        name="large",
        handle="https://hub.example/large",
        input_size=(2 * height, 2 * width),
        parameters=2 * embedded.parameters,
    )
    monkeypatch.setattr("core.runs.speed_record.find_entry", lambda _name: None)
    monkeypatch.setattr("core.runs.speed_record.list_backbones", lambda: [embedded, info])
    return info


def test_a_backbone_that_never_ran_here_is_as_much_slower_as_it_is_larger(large):
    record_speed(DEFAULT_BACKBONE, WITH_TUNING)
    guess = Speed(100.0 / 8, 0.001, 2.0, 20.0 / 8)
    assert speed_of("large") == speed_of(large.handle) == guess


def test_what_was_measured_counts_for_more_than_any_guess(large):
    record_speed("large", replace(WITH_TUNING, images_per_s=3.0))
    assert speed_of("large").images_per_s == 3.0


def test_nothing_is_guessed_about_the_unknown():
    assert relative_cost("/somewhere") == 1.0
    assert relative_cost(DEFAULT_BACKBONE) == 1.0
    assert speed_of("/somewhere") == default_speed()


def test_the_catalogue_tells_the_work_of_backbones_that_are_not_here_yet():
    known = {entry.name: entry for entry in catalogue() if entry.multiply_adds}
    embedded = known[DEFAULT_BACKBONE]
    other = max(known.values(), key=lambda entry: entry.multiply_adds)
    expected = other.multiply_adds / embedded.multiply_adds
    assert relative_cost(other.name) == relative_cost(other.handle) == pytest.approx(expected)
    assert expected > 1


def test_the_times_of_two_backbones_add_up():
    record_speed("one", Speed(60.0, 0.001, 2.0, 20.0))
    record_speed("two", Speed(30.0, 0.002, 5.0, 5.0))
    assert speed_of("one", "two") == Speed(pytest.approx(20.0), 0.002, 5.0, pytest.approx(4.0))
    record_speed("one", Speed(60.0, 0.001, 2.0))
    # A quarter of 60 stands for what was never measured.
    assert speed_of("one", "two").fine_tuning_images_per_s == pytest.approx(1 / (1 / 15 + 1 / 5))
    record_speed("two", Speed(30.0, 0.002, 5.0))
    assert speed_of("one", "two").fine_tuning_images_per_s is None


def test_what_was_measured_of_two_together_counts():
    record_speed("one", SPEED)
    record_speed("two", SPEED)
    assert recorded_speed("one", "two") is None
    together = replace(SPEED, images_per_s=70.0)
    record_speed(speed_key(["one", "two"]), together)
    assert speed_of("one", "two") == recorded_speed("one", "two") == together
    assert speed_of("one") == SPEED
    assert speed_key(["one"]) == "one"


def exact_fit(num_images: int, **changes) -> float:
    config = TrainConfig(**changes)
    seconds = expected_seconds(config, SPEED, num_images=num_images, num_new_images=0)
    return seconds - SPEED.rest_s


def test_an_exact_fit_takes_longer_with_more_images_and_more_features():
    last = exact_fit(4000, features=Features.LAST)
    # As measured for photographs of flowers, 240 iterations of 11.6 ms.
    assert last == pytest.approx(240 * 0.0116, rel=0.1)
    assert exact_fit(400, features=Features.LAST) < 0.6 * last
    stages, two = exact_fit(4000), exact_fit(4000, second_backbone="efficientnet-lite2")
    assert 1.3 * last < stages < 1.7 * last
    assert stages < two < 2 * stages


def test_fewer_epochs_than_an_exact_fit_takes_end_it_earlier():
    assert exact_fit(4000, epochs=25) == pytest.approx(exact_fit(4000) / 10)
    assert exact_fit(4000, epochs=250) == pytest.approx(exact_fit(4000, epochs=1000))


def test_larger_images_take_longer_by_their_pixels():
    record_speed("efficientnet-lite0", SPEED)
    larger = speed_of("efficientnet-lite0", image_size=448)
    assert larger.images_per_s == pytest.approx(SPEED.images_per_s / 4)
    assert larger.rest_s == SPEED.rest_s
    two = speed_of("efficientnet-lite0", "efficientnet-lite2", image_size=448)
    assert two.images_per_s < larger.images_per_s


def test_a_speed_is_that_of_an_image_size():
    record_speed(speed_key(["one"], 300), SPEED)
    assert recorded_speed("one") is None
    assert speed_of("one", image_size=300) == SPEED
