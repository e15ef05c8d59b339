#!/usr/bin/env bash
# AMI: English meetings of four people (the mix of their headsets), from audio to who said what, when, minutes and scores.
# Most publications report on this corpus, so results can be compared with others.
#
#   ./run.sh --source /data/ami
#   ./run.sh --source /data/ami --split dev --jobs 4
set -euo pipefail

corpus=ami
# what finds names is made for French
pseudonymise=no
# shellcheck source-path=SCRIPTDIR source=../speech.sh
. "$(dirname "$0")/../speech.sh"

stage 6 minutes "minutes with evidence" minutes
stage 7 score "scores and gates" score
stage 8 report "results, plots and pages" report
