"""The reference phone by itself: what it says again after a restore, and what it does not."""

from tests.demo.answers import (
    EXCHANGE,
    LAKE,
    OURS,
    SUPPER,
    all_sent,
    gone,
    pull,
    pulled,
    push,
    restored,
    shown,
    slot,
    space,
    texts,
)
from yema.demo.phone import Phone


def test_a_page_that_a_restore_has_lost_is_written_anew() -> None:
    phone = pulled(shown(5, version=3, shared_with="leader"))

    restored(phone)

    assert all_sent(phone) == [("entry", "put", 0, "At the lake."), ("reflection", "put", 1, "leader")]


def test_a_text_that_was_not_shared_is_not_shared_by_a_restore() -> None:
    phone = pulled(shown(5, "For nobody else to read.", version=2, shared_with="leader", shared_version=1))

    restored(phone)

    assert all_sent(phone) == [("entry", "put", 0, "For nobody else to read.")]


def test_a_page_that_was_sent_and_never_pulled_is_written_anew() -> None:
    phone = pulled()
    phone.write(EXCHANGE, "On the bus.")
    push(phone, version=1)

    restored(phone)

    assert (texts(phone), all_sent(phone)) == (["On the bus."], [("entry", "put", 0, "On the bus.")])


def test_a_text_of_which_a_restore_has_an_older_one_is_said_again() -> None:
    phone = pulled(shown(5, "By the lake.", version=2))

    restored(phone, shown(3, "At the lake.", version=1))

    assert all_sent(phone) == [("entry", "put", 1, "By the lake.")]


def test_what_a_restore_has_kept_is_not_sent_again() -> None:
    phone = pulled(shown(5, version=2))

    restored(phone, shown(5, version=2))

    assert phone.to_push() is None


def test_a_page_that_was_deleted_here_is_deleted_again() -> None:
    phone = pulled(shown(1))
    phone.delete(LAKE)
    push(phone, version=2)
    pull(phone, gone(shown(1), 2))

    restored(phone, shown(1))

    assert all_sent(phone) == [("entry", "delete", 1, None)]


def test_a_page_whose_tombstone_went_with_a_refill_is_deleted_again() -> None:
    phone = pulled(shown(1))
    phone.delete(LAKE)
    push(phone, version=2)
    pull(phone, gone(shown(1), 2))
    pull(phone, spaces=(space(state="refetch"),))

    restored(phone, shown(1))

    assert all_sent(phone) == [("entry", "delete", 1, None)]


def test_a_page_that_only_is_not_shown_any_more_is_never_deleted() -> None:
    phone = pulled(shown(1))
    pull(phone, gone(shown(1), 2))

    restored(phone, shown(1))

    assert phone.to_push() is None


def test_a_page_that_was_sent_before_the_first_pull_is_written_anew() -> None:
    phone = Phone()
    phone.write(EXCHANGE, "On the bus.")
    push(phone, version=1)

    pull(phone, spaces=(space(epoch=2),))

    assert all_sent(phone) == [("entry", "put", 0, "On the bus.")]


def test_a_change_of_the_plan_that_waits_is_still_of_what_the_leader_saw() -> None:
    phone = pulled(slot(1, 3))
    phone.change(SUPPER, title="Late supper")

    pull(phone, slot(1, 2), spaces=(space(epoch=2, state="refetch"), space(OURS, 2, "refetch")))

    assert [base for _, _, base, _ in all_sent(phone)] == [3]


def test_a_page_that_had_been_taken_back_is_taken_back_again() -> None:
    phone = pulled(shown(6))

    restored(phone, shown(5, shared_with="group"))

    assert all_sent(phone) == [("reflection", "delete", 1, None)]


def test_what_was_deleted_after_the_restore_stays_so() -> None:
    phone = pulled(shown(5))

    restored(phone, gone(shown(5), 7))

    assert (phone.to_push(), phone.diary()) == (None, {})


def test_another_epoch_of_an_exchange_says_nothing_about_a_diary() -> None:
    phone = pulled(shown(5), slot(1, 1))

    pull(phone, spaces=(space(OURS, 2, "refetch"),))

    assert (phone.to_push(), texts(phone)) == (None, ["At the lake."])


def test_a_page_whose_sharing_waits_is_written_anew_before_it() -> None:
    phone = pulled(shown(5))
    phone.share(LAKE, "leader")

    restored(phone)

    assert [(kind, text) for kind, _, _, text in all_sent(phone)] == [
        ("entry", "At the lake."),
        ("reflection", "leader"),
    ]


def test_a_page_with_a_newer_text_that_waits_is_not_said_twice() -> None:
    phone = pulled(shown(5))
    phone.write(EXCHANGE, "By the lake.", LAKE)

    restored(phone)

    assert [text for *_, text in all_sent(phone)] == ["By the lake."]


def test_a_page_whose_deletion_waits_is_not_written_anew() -> None:
    phone = pulled(shown(5))
    phone.delete(LAKE)

    restored(phone)

    assert [op for _, op, _, _ in all_sent(phone)] == ["delete"]


def test_a_deletion_that_waits_is_of_what_a_restore_has() -> None:
    phone = pulled(shown(5, version=3))
    phone.delete(LAKE)

    restored(phone, shown(4, version=2))

    assert all_sent(phone) == [("entry", "delete", 2, None)]
