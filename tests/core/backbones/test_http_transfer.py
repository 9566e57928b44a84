import pytest

from core.backbones.http_transfer import check_address
from core.errors import BackboneError


@pytest.mark.parametrize("url", ["file:///a", "ftp://hub.example/net", "//hub.example", ""])
def test_only_addresses_of_the_web_are_asked(url):
    with pytest.raises(BackboneError, match="not an http or https address"):
        check_address(url)
    with pytest.raises(BackboneError):
        check_address(url, led_from="http://hub.example/net")


def test_a_protected_address_leads_to_no_unprotected_one():
    with pytest.raises(BackboneError, match=r"redirects to http://b\.example"):
        check_address("http://b.example", led_from="https://a.example")
    check_address("https://b.example", led_from="https://a.example")
    check_address("https://b.example", led_from="http://a.example")
