#!/usr/bin/env bash
# A language model learns French emergency calls, debates and told stories one after the other, with several methods; both what
# it learns and what it forgets are measured. It uses texts from this repository and the embedded model.
#
#   ./run.sh --config conf/reduced.yaml --exp exp/reduced       a few minutes: naive and replay
#   ./run.sh --seeds "0 1" --orders "calls,debates,stories stories,debates,calls" --methods "naive replay replay+kl l2sp"
set -euo pipefail

config=conf/continual.yaml   # model, tasks in order, schedule: the options that the methods share
exp=exp/continual            # folder of the runs, one sub-folder for each: METHOD-ORDER-SEED
methods="naive replay"       # names from dialogue/learning/continual/methods, joined by + within one run
orders=calls,debates,stories # orders of the tasks, named as in data/tasks
seeds=0                      # seeds of the examples in an update and of the adapters' initial weights
legal_basis="published for research by their authors"  # why the calls and debates, which name people, may be learned: state yours
dry_run=false                # say what would run, without running it
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

domains="calls debates stories oral"

prepare() {
  local domain
  for domain in $domains; do
    dialogue prepare "../../corpora/sample-$domain/card.yaml" --source "../../corpora/sample-$domain/data" --out "data/$domain" \
      && dialogue validate "data/$domain" || return
  done
}

tasks() {
  local domain
  for domain in $domains; do
    dialogue tasks "data/$domain" --kind continuation --longest 600 --out "data/tasks/$domain" --legal-basis "$legal_basis" || return
  done
}

train() {
  local method order seed
  for order in $orders; do
    for seed in $seeds; do
      for method in $methods; do
        dialogue continual train "$config" --exp "$exp/$method-${order//,/-}-$seed" --set "method=$method" \
          --set "training.seed=$seed" --set "tasks=[data/tasks/${order//,/,data/tasks/}]" || return
      done
    done
  done
}

compare() {
  dialogue continual compare "$exp" --plot "$exp/compare.svg" > "$exp/compare.md" \
    && dialogue continual compare "$exp" --json > "$exp/compare.json" && cat "$exp/compare.md"
}

stage 1 prepare "dialogues of four domains" prepare
stage 2 tasks "examples" tasks
stage 3 train "each method, each seed" train
stage 4 compare "forgetting and plasticity" compare
