"""A subnet as text is the range that `ipaddress` says."""

from ipaddress import IPv4Network, ip_network

from hypothesis import given
from hypothesis import strategies as st

from bootready.knowledge.engine.subnets import ipv4_range

OCTETS = st.lists(st.integers(0, 260), min_size=3, max_size=5).map(lambda n: ".".join(map(str, n)))
PREFIXES = st.integers(0, 40).map(str) | st.sampled_from(
    ["", "08", "255.255.0.0", "0.0.0.255", "x"]
)
SUBNETS = st.builds("{}/{}".format, OCTETS, PREFIXES)


@given(
    SUBNETS | OCTETS | st.ip_addresses().map(str) | st.text("0123456789./: a\u0661", max_size=12)
)
def test_it_is_the_range_of_the_standard_library(text):
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        network = None
    wanted = None
    if isinstance(network, IPv4Network):
        wanted = (int(network.network_address), int(network.broadcast_address))
    assert ipv4_range(text) == wanted
