"""Split the training examples of each task again, by recording, so that learning rates are chosen without the test sets.

    python development.py data/tasks data/development
"""

import sys
from pathlib import Path

from dialogue.learning import tasks

EVERY = 3  # one training recording in so many is held out

source, out = map(Path, sys.argv[1:])
for folder in sorted(p for p in source.iterdir() if p.is_dir()):
    examples = tasks.read(folder / "train.jsonl")
    held_out = set(list(dict.fromkeys(e.recording for e in examples))[::EVERY])
    for split in ("train", "test"):
        kept = [e for e in examples if (e.recording in held_out) == (split == "test")]
        tasks.write(kept, out / folder.name / f"{split}.jsonl")
    print(f"{folder.name}: {len(held_out)} recordings held out")
