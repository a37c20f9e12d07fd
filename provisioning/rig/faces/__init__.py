"""Bakes the rig's made-up faces out of public-domain portraits; see `baking`."""

from provisioning.rig.faces.baking import bake

__all__ = ["bake"]
