"""RFC 8291: what only one browser can read."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as some

from tests.notifications.push_service import Browser, b64, unb64
from yema.notifications.channels.webpush.encrypting import BYTES_MAX, BadKeys, TooBig, encrypt, seal

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
OURS, THEIRS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key(private: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(private)), ec.SECP256R1())


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    assert b64(seal(PLAIN, len(PLAIN), P256DH, AUTH, key(OURS), unb64(SALT))) == BODY


def test_the_browser_of_the_tests_reads_the_example_of_the_rfc() -> None:
    assert Browser("", key(THEIRS), unb64(AUTH)).opened(unb64(BODY)) == PLAIN


@given(some.binary(max_size=BYTES_MAX))
def test_a_browser_reads_what_was_written_for_it(plain: bytes) -> None:
    browser = Browser("")

    body = encrypt(plain, browser.address.p256dh, browser.address.auth)

    assert (browser.opened(body), len(body) <= 4096) == (plain, True)


def test_another_auth_secret_opens_nothing() -> None:
    browser = Browser("")
    body = encrypt(PLAIN, browser.address.p256dh, browser.address.auth)

    with pytest.raises(InvalidTag):
        Browser("", browser.private).opened(body)


def test_another_browser_opens_nothing() -> None:
    browser = Browser("")
    body = encrypt(PLAIN, browser.address.p256dh, browser.address.auth)

    with pytest.raises(InvalidTag):
        Browser("", auth=browser.auth).opened(body)


def test_two_messages_have_neither_key_nor_salt_in_common() -> None:
    to = Browser("").address
    one, other = (encrypt(PLAIN, to.p256dh, to.auth) for _ in range(2))

    assert (one[:16] != other[:16], one[21:86] != other[21:86]) == (True, True)


def test_the_length_says_only_of_which_of_four_sizes_it_is() -> None:
    to = Browser("").address

    lengths = {len(encrypt(bytes(size), to.p256dh, to.auth)) for size in range(0, BYTES_MAX + 1, 11)}

    assert sorted(lengths) == [103 + size for size in (512, 1024, 2048, 3993)]


def test_one_byte_more_than_fits_is_too_big() -> None:
    to = Browser("").address

    with pytest.raises(TooBig):
        encrypt(bytes(BYTES_MAX + 1), to.p256dh, to.auth)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        ("AAAA", AUTH),
        (b64(b"\x04" + bytes(64)), AUTH),
        (P256DH, ""),
        (P256DH, "AAAA"),
        ("ż", AUTH),
        (P256DH, "%"),
    ],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadKeys):
        encrypt(PLAIN, p256dh, auth)
