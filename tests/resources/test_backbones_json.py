"""The catalogue of backbones: sound in itself, and true where that can be known from here."""

import re

import pytest

from core.backbones.backbone import read_info
from core.backbones.catalogue import CatalogueEntry, catalogue, find_entry
from core.backbones.store import embedded_folder
from core.settings.config import DEFAULT_BACKBONE
from core.text import Text

# Family → number of entries.
FAMILIES = {
    "EfficientNet-Lite": 5,
    "MobileNet V1": 16,
    "MobileNet V2": 23,
    "MobileNet V3": 4,
    "Inception V1": 1,
    "Inception V2": 1,
    "Inception V3": 3,
    "Inception-ResNet V2": 1,
    "ResNet V1": 4,
    "ResNet V2": 3,
    "NASNet": 2,
    "PNASNet": 1,
    "EfficientNet": 8,
    "EfficientNet V2": 23,
    "BiT": 14,
}
EMBEDDED = [DEFAULT_BACKBONE, "efficientnet-lite1", "efficientnet-lite2"]
DOCUMENTED = re.compile(
    r"https://tfhub\.dev/("
    r"google/(imagenet|inaturalist)/\w+/feature_vector/[25]"
    r"|google/tf2-preview/\w+/feature_vector/4"
    r"|google/bit/[sm]-r\d+x\d/1"
    r"|sayakpaul/(distill_)?bit_r\d+x\d_\d+_feature_extraction/1"
    r"|tensorflow/efficientnet/b\d/feature-vector/1"
    r"|tensorflow/efficientnet/lite\d/feature-vector/2"
    r"|tensorflow/resnet_50/feature_vector/1)"
)


def each(entry: CatalogueEntry) -> str:
    return entry.name


every = pytest.mark.parametrize("entry", catalogue(), ids=each)


def test_every_family_is_there() -> None:
    families = [entry.family for entry in catalogue()]
    assert {family: families.count(family) for family in families} == FAMILIES


@pytest.mark.parametrize("field", ["name", "title", "handle"])
def test_nothing_is_there_twice(field: str) -> None:
    values = [getattr(entry, field) for entry in catalogue()]
    assert len(set(values)) == len(values)


@every
def test_values_are_in_their_ranges(entry: CatalogueEntry) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name)
    assert 2012 <= entry.year <= 2026
    # Hub's convention for images, and what the pages of the only others say.
    is_signed = entry.handle.startswith("https://tfhub.dev/sayakpaul/")
    assert entry.value_range == ((-1.0, 1.0) if is_signed else (0.0, 1.0))
    assert 256 <= entry.feature_dim <= 8192
    assert 200_000 <= entry.parameters <= 1_000_000_000
    assert entry.multiply_adds is None or 5e6 < entry.multiply_adds < 2e11
    assert entry.imagenet_top1 is None or 0.4 < entry.imagenet_top1 < 0.9
    assert (entry.imagenet_top1 is None) == (entry.imagenet_top1_source == "")
    assert entry.license == "Apache-2.0"
    assert entry.advice.endswith(".")
    assert len(entry.advice) < 120
    assert isinstance(entry.advice, Text)


@every
def test_handle_is_one_of_the_documented_forms(entry: CatalogueEntry) -> None:
    assert entry.handle in EMBEDDED or DOCUMENTED.fullmatch(entry.handle)


@every
def test_size_is_the_one_that_names_and_titles_say(entry: CatalogueEntry) -> None:
    height, width = entry.input_size
    assert height == width
    for text in (entry.name, entry.handle):
        for side in re.findall(r"[-_](96|128|160|192|224|384)(?![\d])", text):
            assert int(side) == height
    sides = re.findall(r"(\d+) px", entry.title)
    assert sides == [str(height)] or entry.name == DEFAULT_BACKBONE


@pytest.mark.parametrize(
    ("name", "side", "feature_dim"),
    [
        ("mobilenet-v2-100-224", 224, 1280),
        ("mobilenet-v2-140-224", 224, 1792),
        ("mobilenet-v3-small-075-224", 224, 1024),
        ("inception-v3", 299, 2048),
        ("inception-resnet-v2", 299, 1536),
        ("nasnet-large", 331, 4032),
        ("pnasnet-large", 331, 4320),
        ("efficientnet-b7", 600, 2560),
        ("efficientnet-v2-imagenet21k-ft1k-xl", 512, 1280),
        ("bit-m-r152x4", 224, 8192),
        ("bit-distilled-r50x1-160", 160, 2048),
        ("bit-teacher-r152x2-384", 384, 4096),
    ],
)
def test_sizes_of_well_known_ones(name: str, side: int, feature_dim: int) -> None:
    entry = find_entry(name)
    assert entry is not None
    assert (entry.input_size, entry.feature_dim) == ((side, side), feature_dim)


@pytest.mark.parametrize(
    ("name", "billion_multiply_adds", "million_parameters"),
    [
        ("mobilenet-v2-100-224", 0.300, 3.47),
        ("mobilenet-v3-large-100-224", 0.217, 5.4),
        ("nasnet-large", 23.8, 88.9),
        ("pnasnet-large", 25.0, 86.1),
        ("efficientnet-b7", 37.0, 66.0),
        ("efficientnet-v2-imagenet1k-b0", 0.72, 7.1),
        ("efficientnet-v2-imagenet1k-l", 56.3, 119.5),
        ("efficientnet-v2-imagenet21k-xl", 94.0, 208.0),
        ("bit-teacher-r152x2-224", 46.9, 236.3),
    ],
)
def test_counts_are_near_the_published_ones(
    name: str, billion_multiply_adds: float, million_parameters: float
) -> None:
    entry = find_entry(name)
    assert entry is not None
    assert entry.multiply_adds is not None
    assert entry.multiply_adds / 1e9 == pytest.approx(billion_multiply_adds, rel=0.03)
    with_classes = entry.parameters + (entry.feature_dim + 1) * 1000  # as published
    assert with_classes / 1e6 == pytest.approx(million_parameters, rel=0.03)


def test_one_architecture_has_the_same_numbers_under_all_weights() -> None:
    numbers: dict[tuple[str, int], set[tuple[int, int, int | None]]] = {}
    for entry in catalogue():
        if match := re.search(r"efficientnet-v2-.*-(\w+)$|bit-.*(r\d+x\d)", entry.name):
            key = (match[1] or match[2], entry.input_size[0])
            found = (entry.feature_dim, entry.parameters, entry.multiply_adds)
            numbers.setdefault(key, set()).add(found)
    assert len(numbers) == 8 + 5 + 3
    assert all(len(found) == 1 for found in numbers.values())


@pytest.mark.parametrize("name", EMBEDDED)
def test_embedded_backbone_is_described_as_it_is(name: str) -> None:
    entry, folder = find_entry(name), embedded_folder(name)
    assert entry is not None
    assert folder is not None
    info = read_info(folder)
    for field in ("title", "handle", "family", "input_size", "value_range", "feature_dim"):
        assert getattr(entry, field) == getattr(info, field)
    assert (entry.parameters, entry.license) == (info.parameters, info.license)
    assert entry.multiply_adds == info.multiply_adds


def test_found_by_name_and_by_handle() -> None:
    entry = find_entry("inception-v3")
    assert entry is not None
    assert find_entry(entry.handle) == find_entry(entry.handle + "/") == entry
    assert find_entry("nothing") is None


def test_what_is_in_the_old_format_says_so() -> None:
    old = [entry for entry in catalogue() if entry.is_tf1]
    assert [entry.name for entry in old] == [f"efficientnet-lite{n}" for n in (3, 4)]
    assert all("TF1 format" in entry.advice for entry in old)


ON_KAGGLE = [entry for entry in catalogue() if entry.kaggle is not None]


# Pages that stand in public code: <https://www.kaggle.com/models/> before each.
@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("mobilenet-v1-025-128", "google/mobilenet-v1/tensorFlow2/025-128-feature-vector/2"),
        ("mobilenet-v2-140-224", "google/mobilenet-v2/tensorFlow2/140-224-feature-vector/2"),
        (
            "tf2-preview-mobilenet-v2",
            "google/mobilenet-v2/tensorFlow2/tf2-preview-feature-vector/4",
        ),
        (
            "mobilenet-v3-small-075-224",
            "google/mobilenet-v3/tensorFlow2/small-075-224-feature-vector/1",
        ),
        ("inception-v3", "google/inception-v3/tensorFlow2/feature-vector/2"),
        (
            "inaturalist-inception-v3",
            "google/inception-v3/tensorFlow2/inaturalist-inception-v3-feature-vector/2",
        ),
        ("resnet-v1-50", "google/resnet-v1/tensorFlow2/50-feature-vector/2"),
        ("resnet-v2-101", "google/resnet-v2/tensorFlow2/101-feature-vector/2"),
        ("resnet-50-keras", "tensorflow/resnet-50/tensorFlow2/feature-vector/1"),
        ("efficientnet-b4", "tensorflow/efficientnet/tensorFlow2/b4-feature-vector/1"),
        (
            "efficientnet-v2-imagenet1k-b0",
            "google/efficientnet-v2/tensorFlow2/imagenet1k-b0-feature-vector/2",
        ),
        (
            "efficientnet-v2-imagenet21k-xl",
            "google/efficientnet-v2/tensorFlow2/imagenet21k-xl-feature-vector/1",
        ),
        (
            "efficientnet-v2-imagenet21k-ft1k-m",
            "google/efficientnet-v2/tensorFlow2/imagenet21k-ft1k-m-feature-vector/2",
        ),
        ("bit-m-r50x1", "google/bit/tensorFlow2/m-r50x1/1"),
    ],
)
def test_address_on_kaggle_is_the_published_one(name: str, handle: str) -> None:
    entry = find_entry(name)
    assert entry is not None
    assert entry.kaggle is not None
    assert entry.kaggle.handle == handle
    assert entry.page == f"https://www.kaggle.com/models/{handle}"


def test_no_two_have_the_same_address_on_kaggle_and_only_some_have_none() -> None:
    assert len({entry.kaggle for entry in ON_KAGGLE}) == len(ON_KAGGLE)
    without = {entry.family for entry in catalogue() if entry.kaggle is None}
    assert without == {"EfficientNet-Lite", "PNASNet", "BiT"}
    assert [entry.name for entry in catalogue() if entry.family == "BiT" and not entry.kaggle] == [
        "bit-distilled-r50x1-160",
        "bit-distilled-r50x1-224",
        "bit-teacher-r152x2-224",
        "bit-teacher-r152x2-384",
    ]


@pytest.mark.parametrize("entry", ON_KAGGLE, ids=each)
def test_variation_on_kaggle_has_the_numbers_of_the_handle(entry: CatalogueEntry) -> None:
    assert entry.kaggle is not None
    kaggle = f"{entry.kaggle.model}-{entry.kaggle.variation}"
    path = entry.handle.removeprefix("https://tfhub.dev/").rsplit("/", 1)[0]
    assert set(re.findall(r"\d+", kaggle)) == set(re.findall(r"\d+", path))
    assert ("feature-vector" in kaggle) == ("feature" in path)


def test_page_is_the_hubs_where_kaggles_is_not_known() -> None:
    entry, embedded = find_entry("pnasnet-large"), find_entry(DEFAULT_BACKBONE)
    assert entry is not None
    assert entry.page == entry.handle
    assert embedded is not None
    assert embedded.page == ""
