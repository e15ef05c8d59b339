#!/usr/bin/env bash
# FREDSum: transcripts of French political debates with summaries by people, to minutes with evidence. No sound: what the minutes
# cost and find when recognition makes no error.
#
#   ./run.sh --source /data/FREDSum
#   ./run.sh --source /data/FREDSum --split train --jobs 4
set -euo pipefail

source=                      # folder of the corpus; README.md says how to get it
split="test"                 # which debates: train or test
config=conf/fredsum.yaml     # options of all stages
exp=exp/fredsum              # what is made
jobs=1                       # processes; models are loaded once in each
cluster=local                # where the stages on recordings run
only_failed=false            # only the debates that failed before
explain=false                # say for each debate why it runs, or that it need not
dry_run=false                # say what would run, and do nothing else
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

prepare() {
  need source "the folder of the corpus. README.md says how to get it."
  dialogue prepare ../../corpora/fredsum/card.yaml --source "$source" --out data || [[ -f data/recordings.jsonl ]] || return  # some failed: the rest goes on
  dialogue validate data || echo "what is wrong is said above; the rest goes on" >&2
}

stage 1 prepare "transcripts, summaries, splits" \
  prepare
stage 2 minutes "minutes with evidence" \
  dialogue minutes "data/$split/recordings.jsonl" --transcripts data/reference --out "$exp/minutes" "${each[@]}"
