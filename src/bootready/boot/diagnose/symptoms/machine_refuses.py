"""A refusal that is about the machine or the client, not the service -> what to mend there."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.regex import regex

_HELPER = regex(
    r"getting credentials - err: exec: \"(?P<helper>[^\"]+)\": executable file not found"
)
_CREDENTIALS = regex(r"getting credentials - err: (?P<words>[^\n]{1,200})")
_CHAIN = regex(
    r"(?:No chain/target/match by that name|Chain 'DOCKER\S*' does not exist"
    r"|unable to (?:insert|append|add) \S+ rule|iptables failed|nf_tables: CHAIN_\w+ failed)"
)
_POOLS = regex(
    r"could not find an available, non-overlapping IPv4 address pool"
    r"|all predefined address pools have been fully subnetted"
)
_BUILDX = regex(r"compose build requires buildx (?P<version>[\d.]+) or later")


@symptom(summary="the machine or the docker client has to be mended, not the project", rank=9)
def machine_refuses(evidence: Evidence) -> Explanation | None:
    """Credential helpers, the firewall's chains, address pools and an old buildx: the engine or
    Compose refuses every project then, in words that look like those of a faulty service.
    """
    refusal = evidence.refusal
    service = evidence.service
    if not refusal:
        return None
    helper, credentials = _HELPER.search(refusal), _CREDENTIALS.search(refusal)
    if helper is not None:
        return Explanation(
            headline=f"has no image: credential helper '{helper['helper']}' is not installed",
            cause=f"config.json of the docker client names '{helper['helper']}', which is asked"
            " before each pull",
            remedy="remove `credsStore` (or the entry of `credHelpers`) from"
            " ~/.docker/config.json, or install the helper",
            location=attribute(service, "image", "build"),
        )
    if credentials is not None:
        return Explanation(
            headline="has no image: the credential helper of the docker client fails",
            cause=f"the helper that config.json of the docker client names says:"
            f" {credentials['words']}",
            remedy="mend the helper, or remove `credsStore` from ~/.docker/config.json",
            location=attribute(service, "image", "build"),
        )
    if _CHAIN.search(refusal) and re.search(r"iptables|nft|programming external", refusal):
        return Explanation(
            headline="cannot be started: the firewall has lost the engine's chains",
            cause="the firewall was reloaded after the engine was started (firewalld, ufw,"
            " iptables-restore), and the engine's rules are gone",
            remedy="sudo systemctl restart docker; its chains are written again then",
            location=attribute(service, "ports", "networks"),
        )
    if _POOLS.search(refusal):
        return Explanation(
            headline="cannot be started: the engine has no subnet left for a network",
            cause="every subnet of the engine's address pools is taken by a network or a route",
            remedy="docker network prune, or more `default-address-pools` in"
            " /etc/docker/daemon.json",
            location=attribute(service, "networks"),
        )
    buildx = _BUILDX.search(refusal)
    if buildx is not None:
        return Explanation(
            headline=f"cannot be built: Compose needs buildx {buildx['version']} or later",
            cause="the plugin buildx of the docker client is older than this Compose accepts",
            remedy="install Docker's own docker-buildx-plugin, or set DOCKER_BUILDKIT=0",
            location=attribute(service, "build"),
        )
    return None
