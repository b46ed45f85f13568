"""Mounts of the machine: the text of the kernel's table, and which mount holds a path."""

from __future__ import annotations

import os

import pytest

from bootready.host.local import LocalHost
from bootready.host.mounts import mount_holding, parse_mounts
from bootready.model.fact import MountFact

TABLE = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 27 0:26 / /data rw,relatime master:3 - tmpfs tmpfs rw
31 30 0:27 / /data/both rw,relatime shared:4 master:3 - tmpfs tmpfs rw
32 27 0:28 / /with\040space\134040 rw,relatime unbindable - tmpfs tmpfs rw
33 27 0:29 / /twice rw,relatime shared:5 - tmpfs tmpfs rw
34 33 0:30 / /twice rw,relatime - tmpfs tmpfs rw
a line that is none
"""


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        pytest.param("/", MountFact("/", shared=True), id="the root"),
        pytest.param("/database", MountFact("/", shared=True), id="a name that begins alike"),
        pytest.param("/data/x/y", MountFact("/data", slave=True), id="below a slave"),
        pytest.param("/data/both", MountFact("/data/both", shared=True, slave=True), id="both"),
        pytest.param("/proc/self", MountFact("/proc"), id="private"),
        pytest.param(r"/with space\040/x", MountFact(r"/with space\040"), id="escapes"),
        pytest.param("/twice/x", MountFact("/twice", shared=True), id="the first of two"),
    ],
)
def test_the_longest_mount_point_holds_a_path(path, wanted):
    """Optional fields say shared and slave; without any the mount is private."""
    assert mount_holding(path, parse_mounts(TABLE)) == wanted


def test_nothing_holds_a_path_where_no_table_can_be_read():
    """A system without /proc has no facts, and no fact is not a private mount."""
    assert mount_holding("/x", parse_mounts("")) is None


@pytest.mark.skipif(not os.path.exists("/proc/self/mountinfo"), reason="needs Linux")
def test_a_link_is_followed_to_the_mount_of_its_target(tmp_path):
    """The engine mounts what a link points to."""
    (tmp_path / "link").symlink_to("/proc/self")
    found = LocalHost().mount(str(tmp_path / "link" / "absent"))
    assert found is not None
    assert found.point == "/proc"
