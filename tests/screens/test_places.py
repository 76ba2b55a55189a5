"""`-`, `[` and `]` lead through the places visited, as in a browser."""

from __future__ import annotations

from screens.places import Place, Places

IMAGES, DISKS, KEYS = (Place("browse", (name,)) for name in ("images", "disks", "keys"))


def test_history_goes_back_and_forward() -> None:
    places = Places(IMAGES)
    places.visit(DISKS)
    places.visit(KEYS)
    assert [places.step(-1), places.step(-1), places.step(-1)] == [DISKS, IMAGES, None]
    assert [places.step(1), places.step(1), places.step(1)] == [DISKS, KEYS, None]


def test_a_new_place_takes_that_of_what_lay_ahead() -> None:
    places = Places(IMAGES)
    places.visit(DISKS)
    places.step(-1)
    places.visit(KEYS)
    assert places.step(1) is None
    assert places.step(-1) == IMAGES


def test_the_previous_place_is_the_one_before_in_time() -> None:
    places = Places(IMAGES)
    told = [places.previous]
    places.visit(DISKS)
    told.append(places.previous)
    places.step(-1)
    told.append(places.previous)
    assert told == [None, IMAGES, DISKS]


def test_the_same_place_again_is_no_step() -> None:
    places = Places(IMAGES)
    places.visit(IMAGES)
    assert places.step(-1) is None


def test_history_has_an_end() -> None:
    places = Places(IMAGES)
    for number in range(Places.LONGEST * 2):
        places.visit(Place("browse", (str(number),)))
    assert sum(1 for _ in iter(lambda: places.step(-1), None)) == Places.LONGEST - 1
