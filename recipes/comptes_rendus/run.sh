#!/usr/bin/env bash
# Comptes rendus: minutes of invented meetings whose decisions, tasks and open questions are labelled, utterance by utterance.
# Writes the minutes of the test hands from their text and scores them by place: what is found of each phenomenon, what is shown
# though it was not decided, and whether the confidences can be believed. train.py trains the reader that finds the items.
#
#   ./run.sh                                 minutes and scores of the test (hands h7 and h8)
#   ./run.sh --split train                   of the hands that the reader was trained on
#   ./run.sh --set minutes.model=NAME        minutes by a language model
set -euo pipefail

source=../../corpora/comptes-rendus/text  # folder of the texts
split="test"                 # split that gets minutes and scores: test or train
config=conf/comptes_rendus.yaml  # options of the minutes
set=()                       # an option of the minutes, e.g. minutes.length=short; may be repeated
exp=exp/comptes_rendus       # folder to write
jobs=1                       # processes
only_failed=false            # process only the meetings that failed before
explain=false                # say for each meeting why it runs or is skipped
dry_run=false                # say what would run, without running it
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

score() {
  dialogue score minutes "data/$split" --minutes "$exp/minutes" --transcripts data/reference \
    --out "$exp/minutes_scores.json" > "$exp/minutes_scores.md" && cat "$exp/minutes_scores.md"
}

stage 1 prepare "transcripts, and minutes with the utterances on which each item stands" \
  dialogue prepare ../../corpora/comptes-rendus/card.yaml --source "$source" --out data
stage 2 minutes "minutes with evidence" \
  dialogue minutes "data/$split/recordings.jsonl" --transcripts data/reference --out "$exp/minutes" "${each[@]}"
stage 3 score "by place, by phenomenon, and what was not decided" score
