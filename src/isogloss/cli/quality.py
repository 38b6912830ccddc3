"""Where the command group finds the commands on files of answers."""

from isogloss.cli.agreement import agreement
from isogloss.cli.inference import infer
from isogloss.cli.redundancy import replay
from isogloss.cli.sampling import sample

__all__ = ["agreement", "infer", "replay", "sample"]
