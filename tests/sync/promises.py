"""What must not be lost: texts that a phone was told are kept, and pages that are deleted; after a restore what phones still know."""

from tests.sync.facts import JSON, NOT_KEPT, Facts, Known


class Promises(Facts):
    """`promised` are texts that the server has, by page, `recalled` those that only phones know, with the version they had, `buried` the
    pages that are gone, `closed` those of which a phone knows that nobody else sees them any more.
    """

    @property
    def state(self) -> JSON:
        """All that a backup holds."""
        return {name: value for name, value in vars(self).items() if name not in NOT_KEPT}

    def restore(self, state: JSON, known: Known, closed: set[str]) -> None:
        """As it was; but what the phones know of their diaries must come back."""
        vars(self).update(state)
        self.writes += 1
        self.promised = {key: self._texts(key) for key in self.pages}
        alive = {key for key, text, _ in known if text is not None}
        self.buried = {key for key, text, _ in known if text is None} - alive
        self.recalled, self.closed = {}, closed
        for key, text, version in known:
            if text is not None and text not in self._texts(key):
                self.recalled.setdefault(key, {})[text] = version

    def forget(self, known: Known, only: str | None = None) -> None:
        """Of what was to come back after a restore, nobody knows some any more: a phone was reset, or its person said something else."""
        for key, recalled in self.recalled.items():
            if only in (None, key):
                still = {text for its, text, _ in known if its == key}
                self.recalled[key] = {text: version for text, version in recalled.items() if text in still}
        self.closed = self.closed - {only} if only else set()
        gone = {key for key, page in self.pages.items() if page.deleted} | {k for k, text, _ in known if text is None}
        self.buried = {key for key in self.buried if key in gone or only not in (None, key)}

    def promise(self, mutation: JSON, result: JSON) -> None:
        """Remember what a phone was told: a text stays until its page is deleted, and a page stays deleted until it is written.

        After a restore a phone takes what stands there in a later version than its own for one that was built on it.
        """
        entry = mutation["id"]
        if (mutation["kind"], mutation["op"]) == ("reflection", "put"):
            self.closed.discard(entry)
        if mutation["kind"] != "entry" or not ("version" in result and result["status"] in ("applied", "conflict")):
            return
        if mutation["op"] == "put":
            self.promised.setdefault(entry, set()).add(mutation["data"]["text"])
            self.buried.discard(entry)
            recalled = self.recalled.get(entry, {})
            self.recalled[entry] = {t: version for t, version in recalled.items() if version >= result["version"]}
        else:
            self.promised.pop(entry, None)
            self.recalled.pop(entry, None)
            self.buried.add(entry)

    def check_promises(self, waiting: set[str]) -> None:
        """`waiting` are the texts that phones still have to say, or keep because their person has left."""
        for entry in {*self.promised, *self.recalled}:
            texts = {*self.promised.get(entry, ()), *self.recalled.get(entry, ())}
            lost = texts - self._texts(entry) - waiting
            assert not lost, ("lost", entry, lost)
        for entry in self.closed & self.pages.keys():
            assert self.pages[entry].shared is None, ("shared again", entry)
        for entry in self.buried:
            assert entry not in self.pages or self.pages[entry].deleted, ("came back", entry)

    def _texts(self, entry: str) -> set[str]:
        return {said["text"] for said in self.pages[entry].texts.values()} if entry in self.pages else set()
