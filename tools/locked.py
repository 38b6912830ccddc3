"""Print the entries of some packages from a lock file, hashes included: `locked.py requirements/dev.txt hatchling babel`.

What these packages need themselves is printed too, as far as the lock file says who wanted it.
"""

import re
import sys
from pathlib import Path


def entries(lock: str) -> dict[str, str]:
    """Return each package's lines by its name."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)==", line):
            name = match.group(1).lower()
        if name:
            found[name] = found.get(name, "") + line + "\n"
    return found


def wanted_by(block: str) -> set[str]:
    """Return which packages the lock file says an entry is there for."""
    return {line.strip().lstrip("#").strip().removeprefix("via").strip() for line in block.splitlines() if line.strip().startswith("#")}


def main() -> None:
    """Print the chosen entries and what they need."""
    found = entries(Path(sys.argv[1]).read_text(encoding="utf-8"))
    chosen = {name for name in sys.argv[2:] if name in found}
    while True:
        more = {name for name, block in found.items() if wanted_by(block) & chosen} - chosen
        if not more:
            break
        chosen |= more
    sys.stdout.write("".join(found[name] for name in sorted(chosen)))


if __name__ == "__main__":
    main()
