"""A project with ten thousand images, to see that nothing waits for a long list."""

from __future__ import annotations

from oxtui.rack.seeds.planting import BASES, Ground

PROJECT = "archive"
IMAGES = 10_000


def plant(ground: Ground) -> None:
    """Fill a founded silo."""
    project_id = ground.project(PROJECT, "Every nightly image since the beginning", 2 * 365)
    ground.store.images.insert(
        *(
            ground.image(
                f"image/{PROJECT}/nightly-{number:05d}",
                BASES[number % len(BASES)],
                description=f"Nightly build {number}",
                version=f"{BASES[number % len(BASES)].version}-{number}",
                age_days=(IMAGES - number) / 14,
                project_id=project_id,
            )
            for number in range(IMAGES)
        )
    )
