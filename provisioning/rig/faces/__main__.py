"""`python -m provisioning.rig.faces [DIRECTORY]`: bake the rig's faces; at once done when nothing changed."""

from __future__ import annotations

import argparse
from pathlib import Path

from provisioning.rig.faces import bake


def main() -> None:
    """Bake into the given directory."""
    parser = argparse.ArgumentParser(description="Bake the rig's made-up faces.")
    parser.add_argument("directory", type=Path, nargs="?", default=Path("var/rig/faces"))
    directory = parser.parse_args().directory
    print(f"{directory}: {'baked' if bake(directory) else 'already baked'}")


if __name__ == "__main__":
    main()
