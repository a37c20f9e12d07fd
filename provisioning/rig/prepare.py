"""Set-up of the rig: demo trust, faces, the stand-in hospital's keys, under var/rig. Skips what is made already."""

from __future__ import annotations

import sys
from pathlib import Path

RIG_DIR = Path("var/rig")
FACES_DIR, TRUST_DIR, SITE_DIR = RIG_DIR / "faces", RIG_DIR / "trust", RIG_DIR / "site"


def prepare() -> None:
    """Make whatever is missing."""
    from provisioning.rig.faces.baking import bake
    from provisioning.rig.site.credentials import make_credentials
    from provisioning.trust.issuer import make_demo_trust

    for directory in (FACES_DIR, TRUST_DIR, SITE_DIR):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_demo_trust(TRUST_DIR)
    make_credentials(SITE_DIR)
    if bake(FACES_DIR):
        print("== the rig's faces are made from two public-domain portraits", file=sys.stderr)


if __name__ == "__main__":
    prepare()
