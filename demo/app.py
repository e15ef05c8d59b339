"""Open the application; the same as `dialogue demo`, whose options it takes."""

import sys

from dialogue.cli import main

if __name__ == "__main__":
    sys.exit(main(["demo", *sys.argv[1:]]))
