"""Write the outputs for fixed inputs, so that two versions of the code can be compared byte for byte.

    python benchmarks/behaviour.py run before --checkout ../other-checkout
    python benchmarks/behaviour.py run after
    python benchmarks/behaviour.py compare before after

`run` writes the outputs of the sample recipe, of `dialogue meeting`, `score`, `convert` and of the reduced continual
recipe into a folder, which takes about ten minutes on two processors. `compare` ignores when and by what a file was
made (`provenance`, fingerprints, times) and prints the files that differ; the exit code is 1 if any do.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ABOUT = {
    "provenance",
    "made_by",
    "seconds",
    "cpu_seconds",
    "wall_seconds",
    "real_time_factor",
    "peak_memory_mib",
    "version",
    "tool",
}
TIMES = re.compile(r"\d\d\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|\b\d+(\.\d+)? ?(s|MiB|MB|tokens/s)\b")
SPEED = re.compile(r"(?m)^.*(real-time factor|processor seconds|wall|peak memory).*$")
NOT_OUTPUT = {"logs", "answers", ".digests.json", "stage.json", "checkpoints", "documents.json"}


def run(out: Path, checkout: Path, meetings: list[Path]) -> None:
    """Write all outputs below ``out``, with the code in ``checkout``."""
    out.mkdir(parents=True, exist_ok=True)
    out, checkout = out.resolve(), checkout.resolve()
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def call(*words: str | Path, cwd: Path = checkout) -> None:
        print("+", *words, file=sys.stderr, flush=True)
        done = subprocess.run(list(map(str, words)), cwd=cwd, env=environment, capture_output=True, text=True)
        number = len(list(out.glob("said-*.txt"))) + 1
        (out / f"said-{number:02}.txt").write_text(f"{done.returncode}\n{done.stdout}")
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)

    dialogue = [sys.executable, "-m", "dialogue"]
    sample = checkout / "corpora/reunion/data"
    for source in sorted(sample.glob("*/*.stm")):
        for ending in ("json", "srt", "vtt", "txt", "eaf", "TextGrid", "trs", "tei.xml", "linto.json"):
            call(*dialogue, "convert", source, out / "convert" / f"{source.stem}.{ending}")
        call(
            *dialogue,
            "convert",
            out / "convert" / f"{source.stem}.trs",
            out / "convert/back" / f"{source.stem}.json",
        )
    call(*dialogue, "convert", "--formats")
    call("recipes/reunion/run.sh", f"--exp={out / 'reunion'}", cwd=checkout)
    shutil.copytree(checkout / "recipes/reunion/data", out / "reunion-data", dirs_exist_ok=True)
    for name in ("html", "docx", "odt", "tex", "md"):
        call(
            *dialogue,
            "document",
            out / "reunion/minutes/reunion_corpus.json",
            "--out",
            out / f"documents/minutes.{name}",
        )
    call(*dialogue, "ask", out / "reunion/transcript/reunion_corpus.json", "Quand est la prochaine réunion ?")
    for path in meetings:
        call(*dialogue, "meeting", path, "--out", out / "meeting", "--date", "2023-10-12", "--title", "Réunion")
    reduced = (
        "--config",
        "conf/reduced.yaml",
        "--exp",
        out / "continual",
        "--orders",
        "calls,debates,stories",
    )
    call("recipes/continual_fr/run.sh", *reduced)


def compare(one: Path, other: Path) -> int:
    """Print the files that differ; returns their number."""
    different = 0
    names = sorted({p.relative_to(d) for d in (one, other) for p in files(d)})
    for name in names:
        paths = one / name, other / name
        if not all(p.exists() for p in paths):
            print(f"{name}: only in {one if paths[0].exists() else other}")
        elif content(paths[0], one) != content(paths[1], other):
            print(f"{name}: differs")
        else:
            continue
        different += 1
    print(f"{len(names)} files, {different} differ")
    return different


def files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if (
            path.is_file()
            and not NOT_OUTPUT & set(inside)
            and not path.name.endswith((".safetensors", ".pt", ".pdf", ".npz"))
        ):
            yield path


def content(path: Path, folder: Path) -> Any:
    """Return the content of a file, without when and by what it was made."""
    data = path.read_bytes()
    if path.suffix in (".docx", ".odt"):
        import zipfile

        with zipfile.ZipFile(path) as archive:
            return {
                n: archive.read(n) for n in sorted(archive.namelist()) if n not in ("meta.xml", "docProps/core.xml")
            }
    try:
        text = data.decode().replace(str(folder.resolve()), "OUT")
    except UnicodeDecodeError:
        return data
    if path.suffix in (".json", ".jsonl"):
        try:
            return [bare(json.loads(part)) for part in ([text] if path.suffix == ".json" else text.splitlines())]
        except ValueError:
            pass
    if path.suffix == ".html":  # what a page's script is, and the hash of it
        text = re.sub(r"<script>.*?</script>|script-src [^;]*;", "", text, flags=re.S)
    text = re.sub(r'"provenance":\{[^}]*\}', "", text)
    return TIMES.sub("", SPEED.sub("", text))


def bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in ABOUT}
    return [bare(v) for v in value] if isinstance(value, list) else value


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    sub = verbs.add_parser("run")
    sub.add_argument("out", type=Path)
    sub.add_argument("--checkout", type=Path, default=ROOT)
    sub.add_argument("--meetings", type=Path, nargs="*", default=[])
    sub = verbs.add_parser("compare")
    sub.add_argument("one", type=Path)
    sub.add_argument("other", type=Path)
    arguments = parser.parse_args()
    if arguments.verb == "run":
        run(arguments.out, arguments.checkout, arguments.meetings)
    else:
        sys.exit(bool(compare(arguments.one, arguments.other)))
