"""The names under which projects keep an example of their `.env` file, best first."""

from __future__ import annotations

ENV_TEMPLATES = (
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".env.default",
    ".env.defaults",
    "env.example",
    "example.env",
    "env.sample",
    "sample.env",
    "env.template",
    "template.env",
    "env.dist",
    "default.env",
    ".example.env",
    "dot.env",
    "dotenv.example",
)
"""Names met in public repositories and their usual spellings, the commonest first."""
