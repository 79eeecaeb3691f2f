"""Print the constraints with the pins of packages that this machine keeps replaced by what it has.

A robot's torch fits its GPU, and a sourced ROS has compiled its messages against the numpy of the machine:
neither may be replaced. Usage: constraints_for_machine.py CONSTRAINTS NAME [NAME ...]
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Wheels whose pinned release asks for numpy 2: pip may choose an older one where numpy 1 is kept.
NEEDS_NUMPY_2 = ("opencv-python-headless",)


def adapt(lines: list[str], kept: dict[str, str]) -> list[str]:
    """Return the constraint lines with each kept package at its installed version.

    Args:
        lines: lines of a constraints file.
        kept: installed version by package name, as the file spells the name.
    """
    lifted = set(kept)
    if kept.get("numpy", "2").startswith("1."):
        lifted.update(NEEDS_NUMPY_2)
    others = [line for line in lines if re.split(r"[=<> ;]", line, maxsplit=1)[0] not in lifted]
    return others + [f"{name}=={installed}" for name, installed in sorted(kept.items())]


def main() -> None:
    """Read the arguments, look up what is installed, print the result."""
    path, *names = sys.argv[1:]
    kept: dict[str, str] = {}
    for name in names:
        try:
            kept[name] = version(name)
        except PackageNotFoundError:
            continue
    print("\n".join(adapt(Path(path).read_text(encoding="utf-8").splitlines(), kept)))


if __name__ == "__main__":
    main()
