"""The command that measures matching: it runs, and on invented trades hardly a wrong entry stands without a person's look."""

from __future__ import annotations

import json

from pipeline.accuracy.matching import catalogue_quality, main


def test_a_wrong_entry_hardly_ever_stands_without_a_look():
    found = catalogue_quality(entries=300, products=500, seed=8)
    assert found["full right"] > 0.6
    assert found.get("full wrong", 0.0) < 0.01
    assert found.get("gone wrong", 0.0) < 0.03
    assert found.get("unsaid wrong", 0.0) < 0.03


def test_the_last_line_is_json(capsys):
    main(["--scale", "0.002"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["pages, speed"]["found"] == found["pages, speed"]["filed twice"]
    assert found["pages, speed"]["made up"] == 0
    assert found["relations, speed"]["related"] > 0
