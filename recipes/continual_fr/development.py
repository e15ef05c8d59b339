"""Split the training examples of each task again, by recording, to choose learning rates without the test sets.

``python development.py data/tasks data/development``
"""

import sys
from pathlib import Path

from dialogue.learning import tasks

EVERY = 3  # one training recording in so many is held out

source, out = map(Path, sys.argv[1:])
for folder in sorted(p for p in source.iterdir() if p.is_dir()):
    examples = tasks.read(folder / "train.jsonl")
    held_out = set(list(dict.fromkeys(e.recording for e in examples))[::EVERY])
    splits = {s: [e for e in examples if (e.recording in held_out) == (s == "test")] for s in ("train", "test")}
    kept, copies = tasks.without_copies(splits)  # standing phrases, e.g. of minutes
    for split, own in kept.items():
        tasks.write(own, out / folder.name / f"{split}.jsonl")
    print(f"{folder.name}: {len(held_out) - len(copies)} recordings held out")
