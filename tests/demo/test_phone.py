"""The reference phone by itself: what it keeps, shows and sends."""

from tests.demo.answers import (
    EXCHANGE,
    LAKE,
    MINE,
    OURS,
    SUPPER,
    all_sent,
    gone,
    pull,
    pulled,
    push,
    said,
    sent,
    shown,
    slot,
    space,
    texts,
)
from yema.demo.outbox import BATCH

# The store.


def test_what_comes_later_replaces_what_was_there() -> None:
    phone = pulled(shown(1))

    pull(phone, shown(2, "By the lake.", version=2))

    assert texts(phone) == ["By the lake."]


def test_a_tombstone_counts_in_its_space_only() -> None:
    phone = pulled(slot(1, 1), {**slot(1, 1), "space": MINE})

    pull(phone, gone(slot(1, 1), 2))

    assert [space for space, things in phone.things.items() if things["slot", SUPPER].data] == [MINE]


def test_a_phone_that_left_drops_the_space() -> None:
    phone = pulled(slot(1, 1))

    pull(phone, spaces=(space(OURS, state="left"),))

    assert (phone.all("slot"), sorted(phone.spaces)) == ({}, [MINE])


def test_a_space_is_replaced_when_all_has_come_and_not_before() -> None:
    phone = pulled(slot(1, 1))

    pull(phone, spaces=(space(OURS, 2, "refetch"),), complete=False)
    meanwhile = list(phone.all("slot"))
    pull(phone)

    assert (meanwhile, phone.all("slot")) == ([SUPPER], {})


def test_a_phone_asks_for_what_is_new_since_its_cursor() -> None:
    phone = pulled()

    assert phone.to_pull(limit=5) == {"locale": "en", "kinds_version": 3, "cursor": "next", "limit": 5}


def test_after_a_bad_cursor_the_phone_asks_for_everything_and_shows_what_it_has() -> None:
    phone = pulled(shown(1))

    phone.forget_cursor()

    assert (phone.to_pull(), texts(phone)) == ({"locale": "en", "kinds_version": 3}, ["At the lake."])


def test_after_a_bad_cursor_what_is_not_named_any_more_is_dropped() -> None:
    phone = pulled(shown(1), slot(1, 1))

    phone.forget_cursor()
    pull(phone, shown(1), spaces=(space(),))

    assert (texts(phone), phone.all("slot"), sorted(phone.spaces)) == (["At the lake."], {}, [MINE])


# The diary.


def test_what_waits_is_shown_over_what_the_server_has() -> None:
    phone = pulled(shown(1, shared_with="leader"))

    phone.write(EXCHANGE, "By the lake.", LAKE)

    page = phone.diary()[LAKE]
    assert (page["text"], page["shared_with"]) == ("By the lake.", "leader")


def test_what_was_sent_is_shown_before_it_is_pulled() -> None:
    phone = pulled()
    phone.write(EXCHANGE, "On the bus.")

    push(phone, version=1)

    assert (texts(phone), phone.outbox) == (["On the bus."], [])


def test_a_revision_without_a_mood_shows_none() -> None:
    phone = pulled(shown(1, mood=2))

    phone.write(EXCHANGE, "By the lake.", LAKE)

    assert "mood" not in phone.diary()[LAKE]


def test_a_deleted_page_is_not_shown_while_that_waits_nor_when_it_was_sent() -> None:
    phone = pulled(shown(1))

    phone.delete(LAKE)
    waiting = texts(phone)
    push(phone, version=2)

    assert (waiting, texts(phone)) == ([], [])


# The outbox.


def test_a_page_that_never_left_the_phone_leaves_no_trace() -> None:
    phone = pulled()

    phone.delete(phone.write(EXCHANGE, "Not like this."))

    assert (phone.to_push(), phone.diary()) == (None, {})


def test_a_page_that_may_have_arrived_is_deleted_after_it() -> None:
    phone = pulled()
    entry = phone.write(EXCHANGE, "Not like this.")
    sent(phone)  # and the answer is lost

    phone.delete(entry)

    assert all_sent(phone) == [("entry", "put", 0, "Not like this."), ("entry", "delete", 1, None)]


def test_what_was_sent_is_sent_again_as_it_was() -> None:
    phone = pulled(shown(1))
    phone.write(EXCHANGE, "By the lake.", LAKE)
    first = [dict(mutation) for mutation in sent(phone)]

    pull(phone, shown(2, "In the lake.", version=2))

    assert sent(phone) == first


def test_of_each_thing_the_oldest_goes_first_and_alone() -> None:
    phone = pulled()
    entry = phone.write(EXCHANGE, "On the bus.")
    phone.write(EXCHANGE, "On the night bus.", entry)
    phone.share(entry, "leader")

    first = [said(mutation) for mutation in sent(phone)]

    assert first == [("entry", "put", 0, "On the bus.")]
    assert all_sent(phone)[1:] == [
        ("entry", "put", 1, "On the night bus."),
        ("reflection", "put", 2, "leader"),
    ]


def test_a_long_outbox_goes_in_parts() -> None:
    phone = pulled()
    for number in range(BATCH + 1):
        phone.write(EXCHANGE, f"Page {number}.")

    first = len(sent(phone))
    push(phone, version=1)

    assert (first, len(sent(phone))) == (BATCH, 1)


def test_an_edit_is_of_what_stood_there_when_it_was_made() -> None:
    phone = pulled(shown(1))
    phone.write(EXCHANGE, "By the lake.", LAKE)

    pull(phone, shown(2, "In the lake.", version=2))

    assert [said(mutation) for mutation in sent(phone)] == [("entry", "put", 1, "By the lake.")]


def test_what_is_shared_is_what_the_author_was_looking_at() -> None:
    phone = pulled(shown(1))
    phone.share(LAKE, "leader")

    pull(phone, shown(2, "For nobody else to read.", version=2))

    assert [said(mutation) for mutation in sent(phone)] == [("reflection", "put", 1, "leader")]


def test_what_has_come_while_paging_is_what_the_author_looks_at() -> None:
    phone = pulled(shown(1))
    phone.write(EXCHANGE, "By the lake.", LAKE)
    push(phone, version=2)

    pull(phone, shown(3, "In the lake.", version=3), complete=False)
    phone.share(LAKE, "leader")

    assert (texts(phone), sent(phone)[0]["base_version"]) == (["In the lake."], 3)


def test_two_changes_of_one_slot_in_a_tunnel_build_on_each_other() -> None:
    phone = pulled(slot(1, 3))

    phone.change(SUPPER, venue=None)
    phone.change(SUPPER, title="Late supper")

    assert [base for _, _, base, _ in all_sent(phone)] == [3, 4]


def test_a_slot_is_cancelled_as_it_was_shown() -> None:
    phone = pulled(slot(1, 3))
    phone.cancel(SUPPER)

    pull(phone, slot(2, 4, title="Picnic"))

    assert all_sent(phone) == [("slot", "delete", 3, None)]


def test_a_new_slot_that_is_changed_before_it_was_sent_is_made_first() -> None:
    phone = pulled()

    phone.change(phone.schedule(EXCHANGE, {"title": "Supper"}), title="Late supper")

    assert [base for _, _, base, _ in all_sent(phone)] == [0, 1]
