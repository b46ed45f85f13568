"""What the docker client is told of our plugin: at each `docker --help` and at each Tab.

It is written as JSON here: the module that would write it takes longer to load than the rest of the
answer takes. https://github.com/docker/cli/blob/master/cli-plugins/metadata/metadata.go
"""

from __future__ import annotations

from bootready.version import VERSION

ASKED = "docker-cli-plugin-metadata"
"""The argument with which the client asks for it."""
METADATA = (
    '{"SchemaVersion": "0.1.0", "Vendor": "bootready", '
    f'"Version": "{VERSION}", '
    '"ShortDescription": "Make a Compose project boot, and explain why it does not"}'
)
