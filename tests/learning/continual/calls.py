"""Make several calls of ``dialogue continual`` in one process: ``python -m tests.learning.continual.calls JSON``."""

import json
import sys

from dialogue.cli import main

if __name__ == "__main__":
    sys.exit(any(main(["continual", *call]) for call in json.loads(sys.argv[1])))
