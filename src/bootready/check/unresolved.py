"""A project and a path of its model -> whether a variable that it needs has no value."""

from bootready.model.position import YamlPath
from bootready.model.project import Project


def is_unresolved(project: Project, path: YamlPath) -> bool:
    """Tell whether what stands at `path` is not known until somebody sets a required variable."""
    return any(
        problem.kind == "required-variable-unset"
        and problem.location is not None
        and problem.location.path == path
        for problem in project.problems
    )
