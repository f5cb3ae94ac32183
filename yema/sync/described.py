"""What OpenAPI cannot see in `PushDraft`: the mutations, and what the data of each kind is."""

from typing import Any

import msgspec

from yema.changes import Kinds
from yema.sync.schemas import MutationDraft

_REF = "#/components/schemas/{name}"


def describe(schemas: dict[str, Any], kinds: Kinds) -> None:
    """Complete the schemas of the document's components."""
    drafts = {(pushed.kind, pushed.op): pushed.draft for pushed in kinds.pushed.values() if pushed.draft}
    _, found = msgspec.json.schema_components([MutationDraft, *drafts.values()], ref_template=_REF)
    choices = [{"$ref": _REF.format(name=name)} for name in sorted({draft.__name__ for draft in drafts.values()})]
    told = "; ".join(f"{kind} ({op}): {draft.__name__}" for (kind, op), draft in sorted(drafts.items()))
    found["MutationDraft"]["properties"]["data"] = {"anyOf": choices, "description": f"By kind: {told}."}
    for name, schema in found.items():
        schemas.setdefault(name, schema)
    schemas["PushDraft"]["properties"]["mutations"] |= {"items": {"$ref": _REF.format(name="MutationDraft")}}
