"""Erasing from an installation that the project made: what goes, what stays, and what may not come back."""

from tests.privacy.made import ALONE, CALL, LAST, NAME, OTHER, Installation


def test_no_byte_of_a_recording_is_left(installation: Installation, run) -> None:
    assert installation.holding(CALL)
    print(run("privacy", "erase", "--recording", CALL, "--below", *installation.everything, "--yes"))
    assert installation.holding(CALL) == {}


def test_no_byte_of_a_name_is_left(installation: Installation, run) -> None:
    assert installation.holding(NAME)
    print(run("privacy", "erase", "--speaker", NAME, "--below", *installation.everything, "--yes"))
    assert installation.holding(NAME, "lampadaires", ALONE, "cerises") == {}
    assert installation.holding(CALL, OTHER, LAST)
