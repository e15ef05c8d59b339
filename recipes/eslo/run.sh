#!/usr/bin/env bash
# ESLO2: interviews and conversations in Orléans, from audio to who said what, when, and scores.
#
#   ./run.sh --source /data/ESLO2
#   ./run.sh --stage attribute --split dev
set -euo pipefail

corpus=eslo2
# shellcheck source-path=SCRIPTDIR source=../speech.sh
. "$(dirname "$0")/../speech.sh"

stage 6 score "scores and gates" score
stage 7 report "results, plots and pages" report
