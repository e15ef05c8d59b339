#!/usr/bin/env bash
# Réunion: three short French dialogues that travel with the code, from audio to who said what, when, minutes, scores and a
# page to read them. Synthetic voices: the scores compare versions of the pipeline, they are not those of real meetings.
#
#   ./run.sh                                  everything; what is up to date is not done again
#   ./run.sh --stage attribute --speakers 4   only attribution, and what follows from it
#   ./run.sh --jobs 2 --explain               two processes; says why each recording runs
set -euo pipefail

config=conf/reunion.yaml   # options of all stages
exp=exp/reunion            # what is made
jobs=1                     # processes; models are loaded once in each
cluster=local              # where the stages on recordings run
speakers=                  # exactly that many speakers in every recording; empty: found by itself
only_failed=false          # only the recordings that failed before
explain=false              # say for each recording why it runs, or that it need not
dry_run=false              # say what would run, and do nothing else
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

corpus=../../corpora/reunion

prepare() {
  dialogue prepare $corpus/card.yaml --source $corpus/data --out data && dialogue validate data
}

minutes() {  # and those of the reference transcripts: what recognition costs the minutes
  dialogue minutes data/recordings.jsonl --transcripts "$exp/transcript" --out "$exp/minutes" "${each[@]}" \
    && dialogue minutes data/recordings.jsonl --transcripts data/reference --out "$exp/minutes_of_reference" "${each[@]}"
}

score() {
  dialogue score data --transcripts "$exp/transcript" --out "$exp/scores.json" --config "$config" \
    && dialogue score minutes data --minutes "$exp/minutes" --transcripts "$exp/transcript" \
      --against "$exp/minutes_of_reference" --out "$exp/minutes_scores.json" > "$exp/minutes_scores.md" \
    && cat "$exp/minutes_scores.md"
}

stage 1 prepare "manifests and references" \
  prepare
stage 2 diarize "who speaks when" \
  dialogue diarize data/recordings.jsonl --out "$exp/diarization" "${each[@]}"
stage 3 transcribe "what is said" \
  dialogue transcribe data/recordings.jsonl --speech "$exp/diarization" --out "$exp/asr" "${each[@]}"
stage 4 attribute "who says what" \
  dialogue attribute data/recordings.jsonl --words "$exp/asr" --turns "$exp/diarization" --out "$exp/transcript" \
  ${speakers:+--speakers "$speakers"} "${each[@]}"
stage 5 minutes "minutes with evidence" minutes
stage 6 score "scores and gates" score
stage 7 report "RESULTS.md and a page" \
  dialogue report "$exp" --data data --results RESULTS.md --config "$config"
