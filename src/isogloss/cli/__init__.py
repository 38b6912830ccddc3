"""The command `isogloss`: one lazy group, so that a command imports only what it needs."""

import importlib

import click

_COMMANDS = {
    "agreement": "isogloss.cli.quality:agreement",
    "annotate": "isogloss.cli.work:annotate",
    "backup": "isogloss.cli.site:backup",
    "demo": "isogloss.cli.demo:demo",
    "doctor": "isogloss.cli.site:doctor",
    "export": "isogloss.cli.work:export",
    "identify": "isogloss.cli.language:identify",
    "import": "isogloss.cli.work:import_",
    "infer": "isogloss.cli.quality:infer",
    "init": "isogloss.cli.site:init",
    "model": "isogloss.cli.language:model",
    "profile": "isogloss.cli.language:profile",
    "project": "isogloss.cli.work:project",
    "release": "isogloss.cli.work:release",
    "replay": "isogloss.cli.quality:replay",
    "restore": "isogloss.cli.site:restore",
    "sample": "isogloss.cli.quality:sample",
    "serve": "isogloss.cli.serve:serve",
    "user": "isogloss.cli.site:user",
    "verify": "isogloss.cli.work:verify",
    "worker": "isogloss.cli.serve:worker",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names, in alphabetical order."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Import the command's module and return the command."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="isogloss")
def main() -> None:
    """Run the work of a linguistic annotation team."""
