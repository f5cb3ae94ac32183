"""The reference phone by itself: what it makes of the results of a push."""

import json

from tests.demo.answers import EXCHANGE, LAKE, SUPPER, all_sent, pull, pulled, push, sent, shown, slot, texts
from yema.demo.outbox import BATCH


def test_what_must_wait_stays_and_says_how_long() -> None:
    phone = pulled()
    phone.write(EXCHANGE, "On the bus.")
    before = sent(phone)

    push(phone, "later", retry_after=30)

    assert (phone.retry_after, sent(phone)) == (30, before)


def test_a_result_that_is_not_ours_changes_nothing() -> None:
    phone = pulled()
    phone.write(EXCHANGE, "On the bus.")
    before = sent(phone)

    phone.pushed({"results": [{"mutation_id": LAKE, "status": "applied", "version": 1}, {"status": "rejected"}]})

    assert sent(phone) == before


def test_a_page_that_overtook_another_is_shown_and_the_other_is_told() -> None:
    phone = pulled(shown(1))
    phone.write(EXCHANGE, "By the lake.", LAKE)

    push(phone, "conflict", version=3, current={"version": 2, "text": "In the lake."})

    assert (texts(phone), [result["current"]["text"] for result in phone.noticed]) == (
        ["By the lake."],
        ["In the lake."],
    )


def test_an_edit_beats_a_delete() -> None:
    phone = pulled(shown(1))
    phone.delete(LAKE)

    push(phone, "conflict", current={"version": 2, "text": "In the lake."})
    pull(phone, shown(2, "In the lake.", version=2))

    assert (texts(phone), phone.outbox) == (["In the lake."], [])


def test_a_text_that_was_overtaken_is_not_shared() -> None:
    phone = pulled(shown(1))
    phone.share(LAKE, "leader")

    push(phone, "conflict", current={"version": 2, "text": "For nobody else to read."})

    assert (phone.to_push(), len(phone.noticed)) == (None, 1)


def test_a_text_that_is_the_same_in_a_later_version_is_shared() -> None:
    phone = pulled(shown(1))
    phone.share(LAKE, "leader")

    push(phone, "conflict", current={"version": 2, "text": "At the lake."})

    assert all_sent(phone) == [("reflection", "put", 2, "leader")]


def test_what_is_taken_back_is_not_shared_after_that() -> None:
    phone = pulled(shown(1))
    phone.share(LAKE, "leader")
    phone.take_back(LAKE)

    push(phone, "conflict", current={"version": 2, "text": "At the lake."})

    assert [op for _, op, _, _ in all_sent(phone)] == ["put", "delete"]


def test_a_slot_that_somebody_else_changed_is_left_to_the_leader() -> None:
    phone = pulled(slot(1, 1))
    phone.change(SUPPER, title="Late supper")
    phone.change(SUPPER, title="Very late supper")

    push(phone, "conflict", current={"version": 5, "title": "Picnic"})

    assert [base for _, _, base, _ in all_sent(phone)] == [1]


def test_after_a_conflict_a_leader_decides_anew() -> None:
    phone = pulled(slot(1, 1))
    phone.change(SUPPER, title="Late supper")
    push(phone, "conflict", current={"version": 5, "title": "Picnic"})

    phone.change(SUPPER, title="Late picnic")

    assert [base for _, _, base, _ in all_sent(phone)] == [5]


def test_a_text_that_is_refused_is_kept() -> None:
    phone = pulled()
    phone.write(EXCHANGE, "On the bus.")

    push(phone, "rejected", problem={"code": "not_found"})

    assert ([item.data["text"] for item, _ in phone.refused if item.data], phone.to_push()) == (["On the bus."], None)


def test_a_text_that_is_refused_is_not_shared_in_its_older_form() -> None:
    phone = pulled(shown(1, "For nobody else to read."))
    phone.write(EXCHANGE, "By the lake.", LAKE)
    phone.share(LAKE, "leader")

    push(phone, "rejected", problem={"code": "text_too_long"})

    assert (phone.to_push(), [item.kind for item, _ in phone.refused]) == (None, ["entry", "reflection"])


def test_a_page_about_a_slot_of_elsewhere_is_kept_without_it() -> None:
    phone = pulled()
    phone.write(EXCHANGE, "On the bus.", slot=SUPPER, mood=4)

    push(phone, "rejected", problem={"code": "not_of_this_exchange"})

    [mutation] = sent(phone)
    assert ("slot" in mutation["data"], mutation["data"]["mood"], phone.refused) == (False, 4, [])


def test_a_page_that_is_sent_otherwise_does_not_overtake_what_was_written_after_it() -> None:
    phone = pulled()
    entry = phone.write(EXCHANGE, "On the bus.", slot=SUPPER)
    phone.write(EXCHANGE, "On the night bus.", entry)

    push(phone, "rejected", problem={"code": "not_of_this_exchange"})

    assert [text for *_, text in all_sent(phone)] == ["On the bus.", "On the night bus."]


def test_what_must_wait_holds_back_nothing_else() -> None:
    phone = pulled()
    for number in range(BATCH):
        phone.write(EXCHANGE, f"Page {number}")
    push(phone, "later", retry_after=30)

    phone.write(EXCHANGE, "Of another exchange.")

    assert sent(phone)[0]["data"]["text"] == "Of another exchange."


def test_a_push_is_never_longer_than_a_server_takes() -> None:
    phone = pulled()
    for _ in range(40):
        phone.write(EXCHANGE, "ł" * 40_000)

    pushes = []
    while asked := phone.to_push():
        pushes.append(len(json.dumps(asked)))
        push(phone, version=1)

    assert (len(pushes) > 1, max(pushes) < 1024 * 1024) == (True, True)


def test_a_conflict_whose_answer_was_lost_is_noticed() -> None:
    phone = pulled(shown(1))
    phone.write(EXCHANGE, "On the bus.", LAKE)

    push(phone, "duplicate", version=3)

    assert (phone.version(LAKE), len(phone.noticed)) == (3, 1)
