#!/usr/bin/env bash
# SUMM-RE: French meetings of three or four people, one microphone each, mixed into one recording, from audio to who said what,
# when, minutes and scores. The hardest public French test: spontaneous speech with much overlap.
#
#   ./run.sh --source /data/SUMM-RE                 data/test of the distribution
#   ./run.sh --source /data/SUMM-RE --split dev --jobs 4
set -euo pipefail

corpus=summre
# shellcheck source-path=SCRIPTDIR source=../speech.sh
. "$(dirname "$0")/../speech.sh"

stage 6 minutes "minutes with evidence" minutes
stage 7 score "scores and gates" score
stage 8 report "results, plots and pages" report
