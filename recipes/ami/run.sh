#!/usr/bin/env bash
# AMI: English meetings of four people (the mix of their headsets), from audio to who said what, when, minutes and scores.
# The corpus that everybody reports on: what can be compared with others.
#
#   ./run.sh --source /data/ami
#   ./run.sh --source /data/ami --split dev --jobs 4
set -euo pipefail

source=                      # folder of the corpus; README.md says how to get it
split="test"                 # what is transcribed and scored: train, dev or test
config=conf/ami.yaml          # options of all stages
exp=exp/ami                   # what is made
jobs=1                       # processes; models are loaded once in each
cluster=local                # where the stages on recordings run
only_failed=false            # only the recordings that failed before
explain=false                # say for each recording why it runs, or that it need not
dry_run=false                # say what would run, and do nothing else
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

recordings=data/$split/recordings.jsonl

prepare() {
  need source "the folder of the corpus. README.md says how to get it."
  dialogue prepare ../../corpora/ami/card.yaml --source "$source" --out data || [[ -f data/recordings.jsonl ]] || return  # some failed: the rest goes on
  dialogue validate data || echo "what is wrong is said above; the rest goes on" >&2
}

stage 1 prepare "manifests, references, splits" \
  prepare
stage 2 diarize "who speaks when" \
  dialogue diarize "$recordings" --out "$exp/diarization" "${each[@]}"
stage 3 transcribe "what is said" \
  dialogue transcribe "$recordings" --speech "$exp/diarization" --out "$exp/asr" "${each[@]}"
stage 4 attribute "who says what" \
  dialogue attribute "$recordings" --words "$exp/asr" --turns "$exp/diarization" --out "$exp/transcript" "${each[@]}"
stage 5 minutes "minutes with evidence" \
  dialogue minutes "$recordings" --transcripts "$exp/transcript" --out "$exp/minutes" "${each[@]}"
stage 6 score "scores and gates" \
  dialogue score "data/$split" --transcripts "$exp/transcript" --out "$exp/scores.json" --config "$config"
stage 7 report "RESULTS.md, plots and pages" \
  dialogue report "$exp" --data "data/$split" --results RESULTS.md --config "$config"
