"""Gates: the first run writes them from its own figures, later runs are compared with them.

``python gates.py exp/continual/compare.json conf/gates-continual.yaml``
"""

import json
import statistics
import sys
from pathlib import Path

import yaml

GATED = ("average", "forgetting", "plasticity", "drift")  # bits per byte, lower is better; means over orders and seeds
MARGIN = 0.1  # of the measured value: what differs between machines and versions of packages
LEAST = 0.02  # bits per byte; the margin of a value close to 0

compared, path = map(Path, sys.argv[1:])
runs = [run for run in json.loads(compared.read_text(encoding="utf-8")) if run["finished"]]
if not runs:
    sys.exit(f"{compared}: no finished run, so no gates. Finish a run: the same call of run.sh resumes it.")
on = {
    "model": sorted({run["model"] for run in runs}),
    "runs": sorted(f"{run['label']} {','.join(run['order'])} {run['seed']}" for run in runs),
}
measured: dict[str, dict[str, float]] = {}
for label in sorted({run["label"] for run in runs}):
    own = [run for run in runs if run["label"] == label]
    values = {name: [run[name] for run in own if run[name] is not None] for name in GATED}
    measured[label] = {name: statistics.mean(found) for name, found in values.items() if found}

if not path.exists():
    gates = {
        label: {name: round(value + max(MARGIN * abs(value), LEAST), 3) for name, value in figures.items()}
        for label, figures in measured.items()
    }
    head = (
        "# Made by a first run, in bits per byte; a later run that is worse fails. Delete the file to have new ones.\n"
    )
    path.write_text(head + yaml.safe_dump({"on": on, "gates": gates}, sort_keys=False), encoding="utf-8")
    print(
        f"gates: there were none, so nothing is compared. {path} was made, {MARGIN:.0%} above these figures; keep it."
    )
    sys.exit()
known = yaml.safe_load(path.read_text(encoding="utf-8"))
if known["on"] != on:
    sys.exit(f"gates: {path} is of {known['on']}, these figures are of {on}. Delete the file to have gates of these.")
worse = [
    f"gate: {name} of {label} is {measured[label][name]:.3f}, the limit is {limit:g}"
    for label, limits in known["gates"].items()
    for name, limit in limits.items()
    if measured[label][name] > limit
]
sys.exit("\n".join(worse) if worse else 0)
