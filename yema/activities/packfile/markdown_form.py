"""An activity as Markdown: what all languages share stands in front as YAML, then each block under a heading of its own.

    ---
    id: 0199a3c0-2293-788c-9b5d-f220e760cd88
    slug: aqueduct
    method: team_building
    phase: implementation
    group_size: {min: 8, max: 30}
    minutes: {min: 60, max: 75, preparation: 15}
    age_from: 13
    settings: [outdoor]
    energy: lively
    complexity: 2
    ---

    ## title

    The Aqueduct

    ## summary

    With pieces of gutter the team carries water over twenty metres into a bucket.

    ## material: material-bucket (2 per group)

    Bucket with a litre scale

    ## step: step-rules (6 min)

    Explain the rules.

    ## picture: picture-line (line.jpg)

    A line of people, each holding a gutter.

A heading is `## KIND: KEY`, or `## KIND` alone where both are the same. In brackets, parted by commas: `N min` of a step, `N per
participant`, `N per group` or `N in total` of a material, and the name of a file in `media/`. The text is all that stands below, without
the white space around it. A line of a text that begins with `##`, or with backslashes and then `##`, is written with one more backslash.
"""

import re
from typing import Any

from yema.activities.packfile.faults import PackFault
from yema.activities.packfile.yaml_in import AROUND, parse_yaml, text_of

FENCE = "---"

_HEADING = re.compile(r"## (?P<kind>[a-z_]{1,20})(?:: ?(?P<key>[a-z0-9-]{1,80}))?(?: \((?P<more>[^()]{1,200})\))? *")
_ESCAPED = re.compile(r"\\+##")
_MINUTES = re.compile(r"([0-9]{1,4}) min")
_QUANTITY = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,17})?) (?:per (participant|group)|in (total))")


def load_markdown(file: str, content: bytes) -> dict[str, Any]:
    """The activity as its YAML file would say it. Raises `PackFault` with the line."""
    lines = text_of(file, content).replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != FENCE:
        raise PackFault(file, "line 1: an activity in Markdown begins with --- and its fields")
    try:
        end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE)
    except StopIteration:
        raise PackFault(file, "the --- behind the fields is missing") from None
    fields = parse_yaml(file, "\n" + "\n".join(lines[1:end]))
    if not isinstance(fields, dict) or "blocks" in fields:
        raise PackFault(file, "between the --- stand the fields of the activity, and no blocks")
    return {**fields, "blocks": _blocks(file, lines, end + 1)}


def _blocks(file: str, lines: list[str], start: int) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    below: list[str] = []
    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith("##"):
            if blocks:
                blocks[-1]["text"] = "\n".join(below).strip(AROUND)
            below = []
            blocks.append(_heading(file, number, line))
        elif blocks:
            below.append(line[1:] if _ESCAPED.match(line) else line)
        elif line.strip():
            raise PackFault(file, f"line {number}: this text stands under no heading")
    if blocks:
        blocks[-1]["text"] = "\n".join(below).strip(AROUND)
    return blocks


def _heading(file: str, number: int, line: str) -> dict[str, Any]:
    match = _HEADING.fullmatch(line)
    if not match:
        raise PackFault(
            file, f"line {number}: a heading is like `## step: step-rules (6 min)`; write \\## for a text that is none"
        )
    block: dict[str, Any] = {"key": match["key"] or match["kind"], "kind": match["kind"]}
    for item in (match["more"] or "").split(","):
        for name, value in _more(item.strip()).items():
            if name in block:
                raise PackFault(file, f"line {number}: {name} stands twice")
            block[name] = value
    return block


def _more(item: str) -> dict[str, Any]:
    if not item:
        return {}
    if found := _MINUTES.fullmatch(item):
        return {"minutes": int(found[1])}
    if found := _QUANTITY.fullmatch(item):
        return {"quantity": float(found[1]), "per": found[2] or found[3]}
    return {"media": item}
