"""Five phones of four people, a server that is real, networks that lose and repeat; after each pull a phone is compared with the oracle."""

import asyncio
import copy
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.sync.facts import JSON
from tests.sync.room import OWNERS, Room, hours
from tests.sync.watched import Watched

LOCALES = ("en", "pl", "de")
CIRCLES = ("leader", "coordinators", "group")

phones = st.integers(0, len(OWNERS) - 1)
picks = st.integers(0, 63)
few = st.integers(0, 7)
writers = st.sampled_from((0, 1, 0, 1, 2, 3, 4))
"""Who has two phones most often, so that they meet in one page."""
members = st.integers(0, 3)
codes = st.tuples(st.sampled_from(("red", "blue")), st.sampled_from(("participant", "leader")))


RAN: Counter[str] = Counter()
"""How often each rule was carried out in this process."""


def step(**arguments: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule that is counted."""

    def declare(does: Callable[..., None]) -> Any:
        @wraps(does)
        def counted(*args: Any, **kwargs: Any) -> None:
            RAN[does.__name__] += 1
            does(*args, **kwargs)

        return cast(Any, rule)(**arguments)(counted)

    return declare


class Phones(Room):
    """What can happen. All arguments are small numbers, which pick from what there is at that moment."""

    # Offline.

    @step(at=phones, about=picks)
    def write(self, at: int, about: int) -> None:
        phone = self._phone(at)
        slots = [*phone.all("slot"), *phone.all("released_slot")]
        fields = {"slot": slots[about % len(slots)]} if slots and about % 3 == 0 else {}
        self._write(at, **fields)

    @step(at=writers, pick=few)
    def revise(self, at: int, pick: int) -> None:
        page = self._page(at, pick)
        self._phone(at).write(self.world.exchange, self._words(), page)
        self.oracle.forget(self._known(), page)

    @step(pick=few)
    def disagree(self, pick: int) -> None:
        """Two phones of one person revise the same page, and none knows of the other."""
        if both := [page for page in self.pages if all(page in self._phone(at).diary() for at in (0, 1))]:
            for at in (0, 1):
                self._phone(at).write(self.world.exchange, self._words(), both[-1 - pick % len(both)])
            self.oracle.forget(self._known(), both[-1 - pick % len(both)])

    @step(at=writers, pick=few)
    def delete(self, at: int, pick: int) -> None:
        page = self._page(at, pick)
        self._phone(at).delete(page)
        self.oracle.forget(self._known(), page)

    @step(at=writers, pick=few, circle=st.sampled_from(CIRCLES))
    def share(self, at: int, pick: int, circle: str) -> None:
        page = self._page(at, pick)
        self._phone(at).share(page, circle)
        self.oracle.forget(self._known(), page)

    @step(at=writers, pick=few)
    def take_back(self, at: int, pick: int) -> None:
        self._phone(at).take_back(self._page(at, pick))

    @step(at=phones, circle=st.sampled_from(CIRCLES))
    def tell(self, at: int, circle: str) -> None:
        """Write a page, share it, and push both."""
        self._phone(at).share(self._write(at), circle)
        self._run(self.phones[at].push())

    @step(at=st.sampled_from((3, 4)), hour=few, audience=picks, locale=st.sampled_from((*LOCALES, "")))
    def schedule(self, at: int, hour: int, audience: int, locale: str) -> None:
        named = {"locale": locale} if locale else {}
        draft = {"kind": "activity", "title": self._words(), **hours(hour), **self._audience(audience), **named}
        self._phone(at).schedule(self.world.exchange, draft)

    @step(at=st.sampled_from((3, 4)), pick=picks, how=picks)
    def change_slot(self, at: int, pick: int, how: int) -> None:
        changes: list[JSON] = [
            hours(how % 7),
            {"title": self._words(), "locale": LOCALES[how % 3]},
            {"title": self._words()},
            self._audience(how),
            {"venue": self.world.venue if how % 2 else None},
        ]
        if slot := self._slot(at, pick):
            self._phone(at).change(slot, **changes[how % len(changes)])

    @step(at=st.sampled_from((3, 4)), pick=picks)
    def cancel_slot(self, at: int, pick: int) -> None:
        if slot := self._slot(at, pick):
            self._phone(at).cancel(slot)

    # The network.

    @step(at=phones)
    def push(self, at: int) -> None:
        self._run(self._push(self.phones[at]))

    @step(at=phones)
    def push_and_lose_the_answer(self, at: int) -> None:
        self._run(self._push(self.phones[at], lose_answer=True))

    async def _push(self, phone: Watched, *, lose_answer: bool = False) -> None:
        if asked := phone.phone.to_push():
            self._remember(phone, asked)
            await phone.push_once(lose_answer=lose_answer)

    @step(at=phones)
    def push_twice(self, at: int) -> None:
        """The network sends it twice; the phone hears the second answer."""
        self._run(self._push_twice(self.phones[at]))

    async def _push_twice(self, phone: Watched) -> None:
        if asked := phone.phone.to_push():
            await phone.send(asked)
            phone.phone.pushed(await phone.send(asked))

    @step(pick=picks)
    def push_arrives_again_later(self, pick: int) -> None:
        """An old push comes out of a tunnel, behind what was pushed since. Nobody hears the answer."""
        if self.old_pushes:
            phone, asked = self.old_pushes[pick % len(self.old_pushes)]
            self._run(phone.send(asked))

    @step(at=phones, turn=few)
    def push_in_another_order(self, at: int, turn: int) -> None:
        """Each is of another thing, so a phone may send them in any order."""
        self._run(self._push_in_another_order(self.phones[at], turn))

    async def _push_in_another_order(self, phone: Watched, turn: int) -> None:
        if asked := phone.phone.to_push():
            items = asked["mutations"]
            turn %= len(items)
            phone.phone.pushed(await phone.send({"mutations": [*items[turn:], *items[:turn]][::-1]}))

    @step(one=phones, other=phones)
    def push_together(self, one: int, other: int) -> None:
        """Two phones at once. What could come either way, since both change the same, comes one by one in turns."""
        if one != other:
            self._run(self._push_together(self.phones[one], self.phones[other]))

    async def _push_together(self, one: Watched, other: Watched) -> None:
        asked = [(phone, body["mutations"]) for phone in (one, other) if (body := phone.phone.to_push())]
        commute = one.person != other.person and not {one, other} <= {self.phones[3], self.phones[4]}
        if commute:
            answers = await asyncio.gather(*(phone.send({"mutations": items}) for phone, items in asked))
            for (phone, _), answer in zip(asked, answers, strict=True):
                phone.phone.pushed(answer)
            return
        for turn in range(max((len(items) for _, items in asked), default=0)):
            for phone, items in asked:
                if turn < len(items):
                    phone.phone.pushed(await phone.send({"mutations": [items[turn]]}))

    @step(at=phones, limit=st.integers(1, 7))
    def pull_a_page(self, at: int, limit: int) -> None:
        self._run(self.phones[at].pull_page(limit))

    @step(at=phones, limit=st.integers(1, 7))
    def pull_and_lose_the_answer(self, at: int, limit: int) -> None:
        self._run(self.phones[at].pull_page(limit, lose_answer=True))

    @step(at=phones, limit=st.sampled_from((None, 3, 20)))
    def sync(self, at: int, limit: int | None) -> None:
        self._run(self.phones[at].sync(limit))

    # The phones themselves.

    @step(at=phones)
    def upgrade_the_client(self, at: int) -> None:
        self._phone(at).kinds_version = 2

    @step(at=phones, locale=st.sampled_from(LOCALES))
    def show_another_language(self, at: int, locale: str) -> None:
        self._phone(at).locale = locale

    @step(at=phones)
    def set_up_anew(self, at: int) -> None:
        """A phone that was reset knows nothing, and what it had not sent is gone."""
        self.phones[at].begin_anew()
        self.oracle.forget(self._known())

    # Online.

    @step(at=phones, locale=st.sampled_from(("", *LOCALES)))
    def change_me(self, at: int, locale: str) -> None:
        change = {"locale": locale} if locale else {"display_name": f"{OWNERS[at]} {self._words()}"}
        self._run(self._ask(OWNERS[at], "PATCH", "/me", 200, change))
        human = self.oracle.people[self._person(at)]
        human.locale, human.name = change.get("locale", human.locale), change.get("display_name", human.name)
        self.oracle.writes += 1

    @step(at=st.sampled_from((3, 4)))
    def release(self, at: int) -> None:
        if not self._leads(at):
            return
        words = self.oracle.release_plan()
        answer = self._run(self._ask(OWNERS[at], "POST", self._path("releases"), 201 if words else 409))
        if words:
            told = {word: sorted(slots) for word, slots in answer["difference"].items() if word != "details"}
            assert told == {word: sorted(slots) for word, slots in words.items()}
            assert answer["number"] == self.oracle.release

    @step(at=st.sampled_from((3, 4)), pick=picks)
    def answer(self, at: int, pick: int) -> None:
        """Feedback by somebody who leads, on something that was shared with them."""
        if not self._leads(at) or not (shared := self.oracle.reflections_for(self._person(at))):
            return
        page = shared[pick % len(shared)]
        text = self._words()
        made = self._run(self._ask(OWNERS[at], "POST", f"/reflections/{page}/feedback", 201, {"text": text}))
        self.oracle.answer(made["id"], page, self._person(at), text)

    @step(at=members, by=st.sampled_from((3, 4, None)))
    def go(self, at: int, by: int | None) -> None:
        """Leave, or be removed."""
        if by is None and self._state(at) == "active":
            self._run(self._ask(OWNERS[at], "DELETE", self._path("members/me"), 204))
        elif by is not None and self._state(at) != "left" and self._may_act(by, at):
            self._run(self._change_member(by, at, {"state": "left"}))
        else:
            return
        self.oracle.go(self._person(at))

    @step(at=members, code=codes)
    def join_again(self, at: int, code: tuple[str, str]) -> None:
        """By a code. Whoever was here before waits; whoever is still here hears so."""
        gone = self._state(at) == "left"
        draft = {"display_name": OWNERS[at], "locale": "en", "secret": self.world.codes[code]}
        self._run(self._ask(OWNERS[at], "POST", "/sign-in/join", 201 if gone else 409, draft))
        if gone:
            self.oracle.join_again(self._person(at), code[1], self.world.groups[code[0]])

    @step(by=st.sampled_from((3, 4)))
    def admit(self, by: int) -> None:
        """Everybody who waits."""
        for at in range(1, 4):
            if self._state(at) == "pending" and self._may_act(by, at):
                self._run(self._change_member(by, at, {"state": "active"}))
                self.oracle.admit(self._person(at))

    @step(at=members, code=codes)
    def come_back(self, at: int, code: tuple[str, str]) -> None:
        """Join again and be admitted."""
        if self._state(at) == "left":
            self.join_again(at=at, code=code)
            self.admit(by=4)

    @step(at=members, group=st.sampled_from(("red", "blue")))
    def move_to_a_group(self, at: int, group: str) -> None:
        self._run(self._change_member(4, at, {"group": self.world.groups[group]}))
        self.oracle.move(self._person(at), self.world.groups[group])

    # The operator.

    @step()
    def back_up(self) -> None:
        if self.kept is None or self.kept_at != self.oracle.writes:
            self._run(self.house.back_up())
            self.kept, self.kept_at = copy.deepcopy(self.oracle.state), self.oracle.writes

    @step()
    def restore(self) -> None:
        if self.kept is not None and self.kept_at != self.oracle.writes:
            self._run(self._restore())
            self.kept_at = self.oracle.writes

    # The comparison.

    @step()
    def settle(self) -> None:
        """Everybody has a network until nobody has anything to say. Each pull on the way is compared; then the diaries are."""
        self._run(self._settle())
