"""Which addresses of push services are taken: a rule, without a database."""

import base64
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.test_devices import browser
from yema.accounts.push_address import PushAddress, known_zone, push_address
from yema.accounts.schemas import DeviceDraft
from yema.errors import Invalid


def read(fields: dict[str, Any], *, private: bool = False) -> PushAddress:
    return push_address(msgspec.convert(fields, DeviceDraft), private=private)


def refused(fields: dict[str, Any], *, private: bool = False) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        read(fields, private=private)
    [field] = caught.value.fields
    return field.pointer, field.code


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/a",
        "http://127.0.0.1:9/a",
        "ftp://push.example/a",
        "https:///a",
        "https://",
        "https://user@push.example/a",
        "https://user:word@push.example/a",
        "https://@push.example/a",
        "https://push.example/a#b",
        "https://push.example/a#",
        "https://push.example:99999/a",
        "https://push.example\\@evil.example/a",
        "https://[::1/a",
        "token",
        "https://push.example/" + "a" * 1_980,
    ],
)
def test_an_endpoint_is_a_plain_https_address(url: str) -> None:
    assert refused(browser(token=url)) == ("/token", "bad_endpoint")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a", "http://[::1]:9/a", "http://localhost/a"])
def test_a_push_service_on_this_machine_may_do_without_tls_where_that_is_allowed(url: str) -> None:
    assert read(browser(token=url), private=True).value == url
    assert refused(browser(token=url)) == ("/token", "bad_endpoint")


@pytest.mark.parametrize("url", ["http://push.example/a", "http://192.168.1.9/a", "http://127.0.0.1.example/a"])
def test_no_other_one_may(url: str) -> None:
    assert refused(browser(token=url), private=True) == ("/token", "bad_endpoint")


@pytest.mark.parametrize(
    ("keys", "pointer"),
    [
        ({"auth": "A" * 21}, "/keys/auth"),
        ({"auth": "A" * 20}, "/keys/auth"),
        ({"auth": "A" * 24}, "/keys/auth"),
        ({"p256dh": base64.urlsafe_b64encode(b"\4" + bytes(64)).decode()}, "/keys/p256dh"),
        ({"p256dh": base64.urlsafe_b64encode(b"\2" + bytes(32)).decode()}, "/keys/p256dh"),
        ({"p256dh": base64.urlsafe_b64encode(b"\0").decode()}, "/keys/p256dh"),
        ({"p256dh": "A"}, "/keys/p256dh"),
    ],
    ids=str,
)
def test_the_keys_of_a_browser_are_a_point_of_the_curve_and_sixteen_bytes(keys: dict[str, str], pointer: str) -> None:
    good = browser()

    assert refused({**good, "keys": {**good["keys"], **keys}}) == (pointer, "bad_key")


def test_a_browser_has_keys_and_an_app_a_kind_of_token() -> None:
    good = browser()
    without = {name: value for name, value in good.items() if name != "keys"}

    assert refused(without) == ("/keys", "required")
    assert refused({**good, "token_kind": "fid"}) == ("/token_kind", "not_allowed")
    assert read({**without, "channel": "fcm", "token_kind": "fid"}).kind == "fid"
    assert read({**without, "channel": "fcm"}).kind == "token"


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60))
def test_whatever_is_taken_names_a_host_and_hides_nothing(rest: str) -> None:
    url = f"https://{rest}"
    try:
        taken = read(browser(token=url)).value
    except Invalid:
        return
    authority = taken.removeprefix("https://").split("/")[0].split("?")[0]
    assert authority
    assert not {"@", "#", "\\"} & {*authority}


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+12"])
def test_a_zone_of_the_database_is_known(zone: str) -> None:
    assert known_zone(zone) == zone


@pytest.mark.parametrize("zone", ["localtime", "Factory", "posixrules/x", "../etc/passwd", "europe/warsaw"])
def test_another_one_is_not(zone: str) -> None:
    with pytest.raises(Invalid):
        known_zone(zone)
