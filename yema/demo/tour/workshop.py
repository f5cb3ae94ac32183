"""The part of the story behind the library: a trainer rewrites a step, and reads how the activity went."""

from typing import Any

import httpx

from yema.demo.tour.asking import expect, items, ok, read, refused
from yema.demo.tour.scene import Scene, Slot
from yema.demo.tour.words import NEXT_TIME, SAFER

_SHARED = ("key", "kind", "text", "minutes", "quantity", "per", "media")
"""What a block is made of; its `id` and state follow from that."""
_TOLD = ("minutes", "group_size", "change", "locale")

MINUTES, PEOPLE = 20, 24


class Workshop:
    """An activity of today, from the side of those who wrote it. It leaves everything as it was."""

    def __init__(self, scene: Scene, trainer: httpx.Client, leader: httpx.Client, slot: Slot) -> None:
        self.scene, self.trainer, self.leader = scene, trainer, leader
        self.run, self.activity = f"/slots/{slot['id']}/run", slot["activity"]

    def visit(self) -> None:
        """The trainer edits, the leader tells how it went, the trainer reads that."""
        self._rewrite()
        before = self.leader.get(self.run)
        self._collect(self._tell())
        if before.is_success:  # somebody has looked around as the leader, and told something
            self._put({field: before.json()[field] for field in _TOLD})
        else:
            ok(self.leader.delete(self.run), 204)

    def _rewrite(self) -> None:
        found = read(self.trainer, f"/activities/{self.activity}?view=workshop")
        blocks = [{field: block[field] for field in _SHARED if field in block} for block in found["blocks"]]
        step = next(place for place, block in enumerate(blocks) if block["kind"] == "step")
        longer = {**blocks[step], "text": f"{blocks[step]['text']} {SAFER}"}
        languages = f"/packs/{found['pack']}/translations"
        before = items(self.trainer, languages)
        version = self._change([*blocks[:step], longer, *blocks[step + 1 :]], found["version"], minor=False)
        edited, texts = items(self.trainer, languages), self._translated(before)
        self._change(blocks, version, minor=True)
        after = items(self.trainer, languages)
        stale = [now for was, now in zip(before, edited, strict=True) if now["stale"] == was["stale"] + 1]
        others = [language for language in edited if language["locale"] != found["source_locale"]]
        expect(stale == others, "An edit makes one text stale in every language but its own.")
        [text] = [text for text in texts["texts"] if text["key"] == longer["key"]]
        added = [piece["text"].strip() for piece in text["difference"] if piece["op"] == "added"]
        expect((text["state"], added) == ("stale", [SAFER]), "A translator sees what is new in the source.")
        expect(after == before, "Where the old words are back, their translations are fresh again.")
        names = ", ".join(sorted(language["name"] for language in stale))
        lines = [f"+ {added[0]}", f"1 of {stale[0]['total']} texts is stale in {names}", "and fresh again without it"]
        self.scene.show("trainer", "rewrites a step; translators see what is new", lines)

    def _change(self, blocks: list[dict[str, Any]], version: int, *, minor: bool) -> int:
        change = {"blocks": blocks, "minor": minor}
        tag = {"if-match": f'"{version}"'}
        return ok(self.trainer.patch(f"/activities/{self.activity}", json=change, headers=tag)).json()["version"]  # type: ignore[no-any-return]

    def _translated(self, languages: list[Any]) -> Any:
        """The texts in the language of the story, or in another one that is not the pack's own, which comes first."""
        known = [language["locale"] for language in languages[1:]]
        locale = self.scene.locale if self.scene.locale in known else known[0]
        return read(self.trainer, f"/activities/{self.activity}/texts/{locale}")

    def _tell(self) -> dict[str, Any]:
        told = dict(zip(_TOLD, (MINUTES, PEOPLE, NEXT_TIME, "en"), strict=True))
        self._put(told)
        lines = [f"{MINUTES} minutes, {PEOPLE} people", f"next time: {NEXT_TIME}"]
        self.scene.show("leader", "says how the activity went", lines)
        return told

    def _put(self, told: dict[str, Any]) -> None:
        answer = self.leader.put(self.run, json=told, headers={"if-match": "*"})
        expect(answer.is_success, "A leader says how it went.")

    def _collect(self, told: dict[str, Any]) -> None:
        path = f"/activities/{self.activity}/runs"
        runs = read(self.trainer, path)
        found = [item for item in runs["items"] if {field: item[field] for field in _TOLD} == told]
        expect(len(found) > 0, "The trainer reads what the leader told.")
        me = read(self.leader, "/me")
        signs = (me["display_name"], me["id"], self.run.split("/")[2], self.scene.exchange["id"])
        expect(not any(sign in str(found[0]) for sign in signs), "It came without a name, an exchange or a slot.")
        refused(self.leader, path, "Only those who write an activity read how it went.")
        item, minutes = found[0], runs["minutes"]
        planned = f"planned {minutes['planned_min']}-{minutes['planned_max']}"
        lines = [
            f"{item['minutes']} minutes ({planned}), {item['group_size']} people; told in the week of {item['told_on']}",
            f"next time: {item['change']}",
        ]
        self.scene.show("trainer", "reads it, without a name", lines)
