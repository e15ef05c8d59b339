#!/usr/bin/env bash
# TITLE: description of the recordings, from audio to who said what, when, and scores.
#
#   ./run.sh --source /data/CORPUS
#   ./run.sh --stage attribute --split dev
set -euo pipefail

corpus=CORPUS
# shellcheck source-path=SCRIPTDIR source=../speech.sh
. "$(dirname "$0")/../speech.sh"

stage 6 score "scores and gates" score
stage 7 report "results, plots and pages" report
