"""How the story's people talk to the server. What is not as it should be ends the tour."""

from typing import Any
from uuid import uuid4

import httpx

from yema.accounts.actions.email import DEMO_CODE

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""No proxy is asked for these, whatever the environment names."""


class TourFailed(Exception):
    """A step was not as it should be; a sentence."""


def expect(true: bool, sentence: str) -> None:
    """Raises `TourFailed` with the sentence, which says what should be so."""
    if not true:
        raise TourFailed(sentence)


def client_for(url: str, locale: str) -> httpx.Client:
    """Somebody who is not signed in yet."""
    return httpx.Client(
        base_url=f"{url}/api/v1",
        timeout=30,
        headers={"accept-language": locale},
        trust_env=httpx.URL(url).host not in LOOPBACK,
    )


def sign_in(url: str, email: str) -> httpx.Client:
    """One of the demo's people, who reads English."""
    client = client_for(url, "en")
    asked = ok(client.post("/sign-in/email", json={"email": email}), 202).json()
    answer = client.post("/sign-in/email/confirm", json={"challenge": asked["challenge"], "code": DEMO_CODE})
    expect(answer.status_code == 200, f"{email} can sign in: does {url} hold the demo?")
    return signed_in(client, answer.json())


def signed_in(client: httpx.Client, tokens: dict[str, Any]) -> httpx.Client:
    """The client, with these tokens."""
    client.headers["authorization"] = f"Bearer {tokens['access_token']}"
    return client


def another_phone(url: str, locale: str, client: httpx.Client) -> httpx.Client:
    """A second phone of somebody who is signed in: the first one shows it a code."""
    code = made(client, "/me/sign-ins/codes", {})["code"]
    second = client_for(url, locale)
    return signed_in(second, ok(second.post("/sign-in/code", json={"code": code})).json()["tokens"])


def read(client: httpx.Client, path: str) -> Any:
    return ok(client.get(path)).json()


def read_in(client: httpx.Client, path: str, locale: str) -> Any:
    """As `read`, in this language."""
    return ok(client.get(path, headers={"accept-language": locale})).json()


def items(client: httpx.Client, path: str) -> list[Any]:
    return read(client, path)["items"]  # type: ignore[no-any-return]


def made(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    return ok(client.post(path, json=body, headers={"idempotency-key": uuid4().hex}), 201).json()


def refused(client: httpx.Client, path: str, sentence: str) -> None:
    """Nothing is there for this person; the sentence says why not."""
    expect(client.get(path).status_code == 404, sentence)


def ok(response: httpx.Response, status: int = 200) -> httpx.Response:
    request = f"{response.request.method} {response.request.url.path}"
    expect(response.status_code == status, f"{request} should answer {status}, not {response.status_code}.")
    return response
