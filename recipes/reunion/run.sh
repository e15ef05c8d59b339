#!/usr/bin/env bash
# Réunion: three short French dialogues from this repository, from audio to who said what, when, minutes, scores and a
# page to read them. Synthetic voices: the scores compare versions of the pipeline, they are not those of real meetings.
#
#   ./run.sh                                  all stages; results that are up to date are kept
#   ./run.sh --stage attribute --speakers 4   attribution and the stages after it
#   ./run.sh --jobs 2 --explain               two processes; says why each recording runs
set -euo pipefail

corpus=reunion source=../../corpora/reunion/data split=
# shellcheck source-path=SCRIPTDIR source=../speech.sh
. "$(dirname "$0")/../speech.sh"

of_references() {  # minutes from the reference transcripts: the difference is the cost of recognition errors
  dialogue minutes "$recordings" --transcripts data/reference --out "$exp/minutes_of_reference" "${each[@]}"
}

score_minutes() {
  dialogue score minutes data --minutes "$exp/minutes" --transcripts "$exp/transcript" \
    --against "$exp/minutes_of_reference" --out "$exp/minutes_scores.json" > "$exp/minutes_scores.md" \
    && cat "$exp/minutes_scores.md"
}

both() { "$1" && "$2"; }

stage 6 minutes "minutes with evidence" both minutes of_references
stage 7 score "scores and gates" both score score_minutes
stage 8 report "results and pages" report
