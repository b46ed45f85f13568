"""A normalised model -> the model that `docker compose config` prints, and every value refused.

Last phase of resolving (compose-go: loader.ModelToProject, then MarshalJSON): durations, sizes,
numbers and booleans are decoded and printed again, empty values are left out where Compose leaves
them out, unknown keys of known structures too. `bind(model) -> (Mapping, list[Problem])`.
"""
