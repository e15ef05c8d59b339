#!/usr/bin/env bash
# SimSAMU: simulated emergency calls in French, from audio to who said what, when, and scores.
#
#   ./run.sh --source /data/simsamu
#   ./run.sh --source /data/simsamu --split train --jobs 4
set -euo pipefail

corpus=simsamu
# shellcheck source-path=SCRIPTDIR source=../speech.sh
. "$(dirname "$0")/../speech.sh"

stage 6 score "scores and gates" score
stage 7 report "results, plots and pages" report
