"""Strategies for the other top-level elements: networks, volumes, secrets, configs, models."""

from __future__ import annotations

from hypothesis import strategies as st

from resolve.fuzz.parts import path, some
from resolve.fuzz.values import (
    boolean,
    integer,
    junk,
    listed,
    mostly,
    number,
    pairs,
    plain_word,
    template,
    text,
    texts,
)

external = mostly(st.booleans(), st.one_of(boolean, st.just({"name": "ext"}), junk), 6)
options = st.dictionaries(
    st.sampled_from(["o", "device", "type"]), st.one_of(text, number), max_size=2
)
NETWORK = {
    "name": mostly(st.sampled_from(["n1", "${A}_net"]), text),
    "driver": text,
    "driver_opts": options,
    "ipam": some(
        {
            "driver": text,
            "config": listed(
                some(
                    {
                        "subnet": st.sampled_from(["10.0.0.0/24", "10.1.0.0/16"]),
                        "gateway": text,
                        "ip_range": text,
                        "aux_addresses": st.dictionaries(st.just("h"), text, max_size=1),
                    }
                ),
                2,
            ),
            "options": st.dictionaries(st.just("o"), text, max_size=1),
        }
    ),
    "external": external,
    "internal": boolean,
    "attachable": boolean,
    "enable_ipv4": boolean,
    "enable_ipv6": boolean,
    "labels": pairs,
}
VOLUME = {
    "name": mostly(st.sampled_from(["v1", "${A}_vol"]), text),
    "driver": text,
    "driver_opts": mostly(options, st.just({"type": "none", "o": "bind", "device": "./d"}), 3),
    "external": external,
    "labels": pairs,
}
SECRET = {
    "file": path,
    "environment": st.sampled_from(["A", "UNSET", "EMPTY"]),
    "external": external,
    "name": text,
    "labels": pairs,
    "driver": text,
    "driver_opts": options,
    "template_driver": text,
}
CONFIG = {
    "file": path,
    "environment": st.sampled_from(["A", "UNSET"]),
    "content": st.one_of(text, template),
    "external": external,
    "name": text,
    "labels": pairs,
    "template_driver": text,
}
MODEL = {"model": text, "context_size": integer, "runtime_flags": texts, "name": text}
image = mostly(st.sampled_from(["busybox", "a/b:1", "r.io/x@sha256:" + "0" * 64, "${A}:1"]), text)
PLAIN = plain_word
