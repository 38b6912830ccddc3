"""The installation as a whole: its directory, first administrator, health, backup."""

from isogloss.installation.backups import make_backup, restore_backup
from isogloss.installation.directory import first_administrator, make_directory, migrate
from isogloss.installation.health import Finding, examine

__all__ = ["Finding", "examine", "first_administrator", "make_backup", "make_directory", "migrate", "restore_backup"]
