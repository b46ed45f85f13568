"""The errors that end a command. What a project does wrong is a finding; an exception means we
cannot go on.

BootreadyError                    shown without traceback
├── UsageError                    wrong flag, unknown check id                  exit 2
├── ProjectError(problems)        cannot be loaded; all problems at once        exit 2
├── EngineError(argv, exit_code)  the engine or Compose refused                 exit 1
├── ApplyError(step, done)        a step failed; what was done is listed        exit 1
└── BootError                     the boot failed                               exit 1
"""

from __future__ import annotations

from bootready.model.problem import Problem
from bootready.typed import TYPE_CHECKING, Sequence

if TYPE_CHECKING:  # actions are slow to import, and reading a project needs none
    from bootready.model.action import Step


class BootreadyError(Exception):
    """An error that is shown as one message, without a traceback."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BootreadyError):
    """The command line cannot be understood."""

    exit_code = 2


class ProjectError(BootreadyError):
    """The project cannot be loaded; `problems` holds every reason."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class EngineError(BootreadyError):
    """A call of the engine or of Compose failed. `argv` and `stderr` hold no secret by
    construction.
    """

    def __init__(
        self,
        message: str,
        argv: Sequence[str] = (),
        exit_code: int = 1,
        stderr: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.argv = tuple(argv)
        self.process_exit_code = exit_code
        self.stderr = stderr


class ApplyError(BootreadyError):
    """A step of the plan failed; `done` are the steps carried out before it."""

    def __init__(self, message: str, step: Step, done: Sequence[Step], hint: str = "") -> None:
        super().__init__(message, hint)
        self.step = step
        self.done = tuple(done)


class BootError(BootreadyError):
    """The project did not come up."""
