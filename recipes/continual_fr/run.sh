#!/usr/bin/env bash
# A language model learns French emergency calls, debates and told stories one after the other, with several methods; both what
# it learns and what it forgets are measured. It uses texts from this repository and the embedded model.
#
#   ./run.sh --config conf/reduced.yaml --exp exp/reduced       a few minutes: naive and replay
#   ./run.sh --seeds "0 1" --orders "calls,debates,stories stories,debates,calls" --methods "naive replay replay+kl l2sp"
set -euo pipefail

orders=calls,debates,stories # orders of the tasks, named as in data/tasks
sound=                       # corpus with sound, e.g. ../../corpora/reunion: its wrong words are counted after each task
legal_basis="published for research by their authors"  # why the calls and debates, which name people, may be learned: state yours
# shellcheck source-path=SCRIPTDIR source=../continual.sh
. "$(dirname "$0")/../continual.sh"

domains="calls debates stories oral"

tasks() {
  local domain
  for domain in $domains; do
    dialogue tasks "data/$domain" --kind continuation --longest 600 --out "data/tasks/$domain" --legal-basis "$legal_basis" || return
  done
  dialogue tasks data/calls --kind record --out data/tasks/records --legal-basis "$legal_basis"  # the skill of conf/skill.yaml
}

# shellcheck disable=SC2086  # four words
stage 1 prepare "dialogues of four domains" samples $domains
stage 2 tasks "examples" tasks
stage 3 development "parts of the training data" development
stage 4 train "each method, each seed" train
stage 5 compare "forgetting and plasticity" compare
stage 6 rescore "wrong words after each task, if there is sound" ./rescore.sh "$exp" "$sound"
