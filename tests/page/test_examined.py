"""The findings beside the graph: what is new, what is gone, and what the boot has confirmed."""

from __future__ import annotations

import json
import os

import pytest

from bootready.model.boot import Diagnosis
from bootready.model.position import Location, Span
from bootready.model.request import Request
from bootready.page.channel import Channel
from bootready.page.examined import Examined

FILES = """\
name: shop
services:
  web:
    image: 'bootready.local/web:1'
    restart: allways
    secrets: [key]
secrets:
  key: {file: ./key.txt}
"""
NOBODY = {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "compose.yaml").write_text(FILES, encoding="utf-8")
    channel = Channel()
    return Examined(Request(directory=str(tmp_path)), NOBODY, channel), channel, tmp_path


def told(channel: Channel) -> dict[str, dict]:
    return {one["check"]: one for one in json.loads(channel.read().text)["findings"]}


def rewrite(directory, text: str) -> None:
    """Write the file anew; its time is another one however fast the test is."""
    file = directory / "compose.yaml"
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(1, 1))


def test_a_finding_is_told_with_its_place_and_remedy_and_what_becomes_of_it(shop):
    examined, channel, directory = shop
    page = examined.page()
    assert page is examined.page()
    name, first = next(
        (name, one) for name, one in told(channel).items() if "allways" in one["message"]
    )
    assert (first["severity"], first["change"], first["confirmed"]) == ("error", "", False)
    assert first["place"].startswith("compose.yaml:5:")
    assert "bootready prepare" in [one["command"] for one in told(channel).values()]
    rewrite(directory, FILES.replace("allways", "always").replace("shop", "shop\nversion: '3'"))
    examined.look_again()
    after = told(channel)
    assert after[name]["change"] == "gone"
    assert [one["check"] for one in after.values() if one["change"] == "new"] != []
    assert page is not examined.page()
    rewrite(directory, "services: [")
    examined.look_again()
    said = json.loads(channel.read().text)
    assert "compose.yaml" in said["unread"]
    assert told(channel) == after  # what was known last stays


def test_a_diagnosis_at_the_line_of_a_finding_confirms_it(shop):
    examined, channel, directory = shop
    examined.page()
    place = Location(Span(str(directory / "compose.yaml"), 5, 1, 5, 9), ())
    examined.blame([Diagnosis("refused", "web", "x", "y", "z", location=place)])
    confirmed = [one["message"] for one in told(channel).values() if one["confirmed"]]
    assert len(confirmed) == 1
    assert "allways" in confirmed[0]
    examined.blame([])
    assert not any(one["confirmed"] for one in told(channel).values())
