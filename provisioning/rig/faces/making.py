"""Makes one persona's files from the recipe: warp, paint, give depth, photograph."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from drivers.camera.synthetic.assets import load_head
from provisioning.rig.faces import card, geometry, portraits, relief, texture
from provisioning.rig.faces.identity_photo import identity_photo
from provisioning.rig.faces.recipe import Recipe
from provisioning.rig.people import Persona


def make(persona: Persona, directory: Path) -> None:
    """Write `<id>-card.png` and, of a persona with a face, `<id>.npz` and `<id>.jpg`.

    Raises: pydantic.ValidationError for a bad recipe.
    """
    card.picture(persona.card).save(directory / f"{persona.id}-card.png")
    if persona.face is None:
        return
    recipe = Recipe.of(persona.face.recipe)
    source = portraits.portrait(persona.face.portrait)
    shaped = geometry.warp(source, recipe.geometry, recipe.texture.mouth_closed)
    painted = texture.paint(shaped, recipe.texture, seed=int(persona.card.citizen_number))
    surface = relief.relief(painted)
    np.savez_compressed(
        directory / f"{persona.id}.npz",
        texture=np.dstack([painted.image, (painted.person * 255).astype(np.uint8)]),
        vertices=surface.mesh.vertices,
        texture_points=surface.mesh.texture_points,
        triangles=surface.mesh.triangles,
        twist=surface.twist,
    )
    (directory / f"{persona.id}.jpg").write_bytes(identity_photo(load_head(directory, persona.id)))
