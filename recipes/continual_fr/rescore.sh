#!/usr/bin/env bash
# Stage of run.sh: ./rescore.sh EXP CORPUS counts the wrong words of a corpus with sound after each task of each run in EXP.
set -euo pipefail
exp=$1 corpus=$2
[[ -n $corpus ]] || exit 0

dialogue prepare "$corpus/card.yaml" --source "$corpus/data" --out data/sound
dialogue diarize data/sound/recordings.jsonl --out data/diarization
dialogue nbest data/sound/recordings.jsonl --speech data/diarization --out data/nbest
for matrix in "$exp"/*/matrix.json; do
  run=${matrix%/*}
  dialogue continual rescore "$run" --nbest data/nbest --references data/sound --out "$run/rescoring.json" > "$run/rescoring.md"
  cat "$run/rescoring.md"
done
