"""A reference phone, and the answers of a server that is not there."""

from typing import Any

from yema.demo.outbox import JSON
from yema.demo.phone import Phone

EXCHANGE = "0199a3d0-3eae-730f-b2ed-524c54dc77a7"
LAKE = "019a0000-0000-7000-8000-000000000001"
SUPPER = "019a0000-0000-7000-8000-000000000002"
MINE, OURS = 1, 2
KINDS = {MINE: "person", OURS: "exchange"}


def space(number: int = MINE, epoch: int = 1, state: str = "ok") -> JSON:
    return {"id": number, "kind": KINDS[number], "epoch": epoch, "state": state}


def shown(seq: int, text: str = "At the lake.", version: int = 1, entry: str = LAKE, **fields: Any) -> JSON:
    """A page, as a pull brings it."""
    data = {"id": entry, "exchange": EXCHANGE, "text": text, "locale": "en", "version": version, **fields}
    return {"space": MINE, "kind": "entry", "id": entry, "seq": seq, "op": "put", "data": data}


def slot(seq: int, version: int, **fields: Any) -> JSON:
    data = {"id": SUPPER, "title": "Supper", "version": version, **fields}
    return {"space": OURS, "kind": "slot", "id": SUPPER, "seq": seq, "op": "put", "data": data}


def gone(change: JSON, seq: int) -> JSON:
    return {"space": change["space"], "kind": change["kind"], "id": change["id"], "seq": seq, "op": "gone"}


def pull(phone: Phone, *changes: JSON, spaces: tuple[JSON, ...] = (), complete: bool = True) -> bool:
    answer = {"changes": list(changes), "spaces": list(spaces), "cursor": "next", "complete": complete}
    return phone.pulled(answer)


def pulled(*changes: JSON) -> Phone:
    """A phone that has these things, the pages among them of its own diary."""
    phone = Phone()
    pull(phone, *changes, spaces=(space(), space(OURS)))
    return phone


def restored(phone: Phone, *changes: JSON) -> None:
    """The server was put back to a state in which the diary held this."""
    pull(phone, *changes, spaces=(space(epoch=2, state="refetch"),))


def sent(phone: Phone) -> list[JSON]:
    """What the phone would send now."""
    asked = phone.to_push()
    return asked["mutations"] if asked else []


def push(phone: Phone, status: str = "applied", **result: Any) -> None:
    """Send once; the same becomes of each."""
    phone.pushed({"results": [{"mutation_id": m["mutation_id"], "status": status, **result} for m in sent(phone)]})


def said(mutation: JSON) -> tuple[Any, ...]:
    """What a mutation says, without its name and its clock."""
    about = mutation.get("data", {})
    return mutation["kind"], mutation["op"], mutation["base_version"], about.get("text", about.get("shared_with"))


def all_sent(phone: Phone) -> list[tuple[Any, ...]]:
    """Everything that waits, in the order in which it goes, each applied as the next version."""
    found = []
    while mutations := sent(phone):
        found += [said(mutation) for mutation in mutations]
        versions = [m["base_version"] + (m["kind"] != "reflection") for m in mutations]
        results = [
            {"mutation_id": m["mutation_id"], "status": "applied", "version": version}
            for m, version in zip(mutations, versions, strict=True)
        ]
        phone.pushed({"results": results})
    return found


def texts(phone: Phone) -> list[str]:
    return [page["text"] for page in phone.diary().values()]
