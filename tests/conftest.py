"""What several tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def dev_data() -> Path:
    """Development data that is not part of the repository: ``DIALOGUE_DEV_DATA``, or beside the repository."""
    folder = Path(os.environ.get("DIALOGUE_DEV_DATA", ROOT / "../shared/data/dev"))
    if not folder.is_dir():
        pytest.skip("development data absent: set DIALOGUE_DEV_DATA to its folder")
    return folder
