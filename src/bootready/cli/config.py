"""`bootready config`: print the resolved model, as `docker compose config` does."""

from __future__ import annotations

import sys

from bootready.cli.config_project import options_of, refuse, typed_project, untyped_project
from bootready.cli.words.config_options import ConfigWishes, wishes_from
from bootready.collecting import held, uncollected
from bootready.errors import UsageError


@uncollected
def run(arguments: list[str]) -> int:
    """Print what was asked for and return 0. Raises ProjectError where Compose would refuse."""
    options = wishes_from(arguments)
    if options.has("--resolve-image-digests") or options.has("--lock-image-digests"):
        raise UsageError("digests are looked up in a registry, which bootready does not query")
    listing = options.listing()
    if listing:
        from bootready.cli.config_lists import list_text

        # Neither -q nor -o holds for what is not the model.
        sys.stdout.write(list_text(listing, options))
        return 0
    text = _untyped_text(options) if options.has("--no-interpolate") else _typed_text(options)
    if options.has("--quiet"):
        return 0
    if options.output:
        from bootready.apply.output import write_output

        try:
            write_output(options.output, text)
        except OSError as error:
            raise UsageError(f"'{options.output}' cannot be written: {error.strerror}") from None
    else:
        sys.stdout.write(text)
    return 0


def _untyped_text(wishes: ConfigWishes) -> str:
    """Return the model with its variables in place."""
    from bootready.resolve.show import output

    model = untyped_project(wishes, options_of(wishes)).model
    return output.untyped_json(model) if wishes.format == "json" else output.untyped_yaml(model)


def _typed_text(wishes: ConfigWishes) -> str:
    resolved = held(typed_project(wishes, wishes.request(), options_of(wishes)))
    if wishes.has("--quiet"):
        return ""
    from bootready.resolve.show import output

    if wishes.format == "json":
        refuse(output.unprintable_in_json(resolved.model))
        return output.typed_json(resolved.model)
    return output.typed_yaml(resolved.model)
