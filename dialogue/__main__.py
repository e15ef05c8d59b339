import sys

from dialogue.cli import main

sys.exit(main())
