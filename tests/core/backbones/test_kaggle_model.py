"""Addresses of models on Kaggle, in the forms that users copy."""

import pytest

from core.backbones.kaggle_model import KaggleModel, is_kaggle_model_address

MODEL = KaggleModel("google", "mobilenet-v2", "tensorFlow2", "100-224-feature-vector", 2)
PAGE = "https://www.kaggle.com/models/google/mobilenet-v2/tensorFlow2/100-224-feature-vector/2"
OLD = "frameworks/TensorFlow2/variations/100-224-feature-vector/versions/2"


def test_addresses_of_a_model() -> None:
    assert MODEL.page == PAGE
    assert MODEL.archive == (
        "https://www.kaggle.com/api/v1/models/google/mobilenet-v2/tensorFlow2/"
        "100-224-feature-vector/2/download"
    )
    assert KaggleModel.of_handle(MODEL.handle) == MODEL


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        PAGE + "/",
        PAGE + "?tfhub-redirect=true#model",
        PAGE.replace("tensorFlow2", "TensorFlow2"),
        PAGE.replace("https://www.", "http://"),
        f"https://www.kaggle.com/models/google/mobilenet-v2/{OLD}",
        MODEL.archive,
    ],
)
def test_every_form_of_an_address_is_the_same_model(address: str) -> None:
    assert KaggleModel.of_address(address) == MODEL
    assert is_kaggle_model_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.kaggle.com/models/google/mobilenet-v2",
        "https://www.kaggle.com/models/google/mobilenet-v2/tensorFlow2/100-224-feature-vector",
        "https://www.kaggle.com/models/google/mobilenet-v2/tfLite/100-224/1",
        "https://www.kaggle.com/models/google/../tensorFlow2/x/1",
        "https://www.kaggle.com/models/google/m/tensorFlow2/x/latest",
    ],
)
def test_what_names_no_version_for_tensorflow_2_is_no_model(address: str) -> None:
    assert KaggleModel.of_address(address) is None
    assert is_kaggle_model_address(address)


@pytest.mark.parametrize(
    "address",
    [
        PAGE.replace("www.kaggle.com", "kaggle.example"),
        PAGE.replace("www.kaggle.com", "www.kaggle.com@kaggle.example"),
        PAGE.replace("https", "ftp"),
        PAGE.replace("/models/", "/datasets/"),
        "https://www.kaggle.com/models",
        "http://[bad",
        MODEL.handle,
    ],
)
def test_other_servers_and_pages_are_not_kaggles_models(address: str) -> None:
    assert KaggleModel.of_address(address) is None
    assert not is_kaggle_model_address(address)


@pytest.mark.parametrize(
    "handle",
    ["a/b/tensorFlow2/c", "a/b/pyTorch/c/1", "a/b/tensorFlow2/c/0", "/a/b/tensorFlow2/c", "a", ""],
)
def test_other_paths_are_no_short_form(handle: str) -> None:
    assert KaggleModel.of_handle(handle) is None
