"""The images of a project -> what their registries say of them; only if the person wishes it.

OCI distribution specification, https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""
