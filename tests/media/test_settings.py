"""Where media lie is a setting; a wrong one is a sentence."""

import pytest

from yema.settings import SettingsError, load_settings

URL = "s3://pictures/yema"
WRONG = [
    ({"media_url": "pictures"}, "media_url"),
    ({"media_url": "https://pictures.example"}, "media_url"),
    ({"media_url": "s3://"}, "media_url"),
    ({"media_url": "s3://pictures/../keys?x=1"}, "media_url"),
    ({"media_url": URL, "media_s3_endpoint": "pictures.example"}, "media_s3_endpoint"),
    ({"media_url": URL, "media_s3_key": "key"}, "media_s3_secret"),
]


@pytest.mark.parametrize(("given", "named"), WRONG)
def test_a_wrong_setting_is_a_sentence_that_names_it(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=rf"{named}.*\.$") as raised:
        load_settings(**given)

    assert "\n" not in str(raised.value)


def test_without_the_extra_a_bucket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yema.settings.find_spec", lambda _: None)

    with pytest.raises(SettingsError, match=r"yema\[s3\]"):
        load_settings(media_url=URL)


def test_a_bucket_with_a_prefix_is_taken() -> None:
    assert load_settings(media_url=URL, media_s3_endpoint="http://127.0.0.1:9000").media_url == URL
