"""The digest's touchpoint lines count posts: as many as a customer's story shows there, however often each tells it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.conftest import Vivencia

TWICE = "El pedido llegó tarde. El paquete llegó roto."
POSTS = 12


def test_a_post_that_tells_twice_of_a_touchpoint_is_one_there(vivencia: Vivencia, tmp_path: Path) -> None:
    rows = [
        {
            "id": str(number),
            "text": f"{TWICE} {number}",
            "author": "lola",
            "created_at": f"2026-05-12T{9 + number:02}:00:00Z",
        }
        for number in range(POSTS)
    ]
    recording = tmp_path / "posts.jsonl"
    recording.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert vivencia("simulate", str(recording)).code == 0

    lived = json.loads(vivencia("customer", "@lola", "--json").out)["experiences"]
    data = json.loads(vivencia("digest", "--date", "2026-05-12", "--json").out)
    pages = {lang: vivencia("digest", "--date", "2026-05-12", "--lang", lang).out for lang in ("es", "en")}

    there = [each for each in lived if each["touchpoint"] == "delivery"]
    posts = {each["mention_id"] for each in there}
    assert len(there) > len(posts) == POSTS, "each of them tells of it twice"
    line = next(each for each in data["touchpoints"] if each["touchpoint"] == "delivery")
    assert line["mentions"] == line["n"] == POSTS == data["mentions"]["now"]
    assert line["of_negative"] == line["negative"] == data["negative"]["part"] == POSTS
    assert re.search(rf"Entrega +{POSTS} ", pages["es"])
    assert re.search(rf"Delivery +{POSTS} ", pages["en"])
