#!/usr/bin/env bash
# A language model learns French emergency calls, debates and told stories one after the other, with several methods; both what
# it learns and what it forgets are measured. It uses texts from this repository and the embedded model.
#
#   ./run.sh --config conf/reduced.yaml --exp exp/reduced       a few minutes: naive and replay
#   ./run.sh --seeds "0 1" --orders "calls,debates,stories stories,debates,calls" --methods "naive replay replay+kl l2sp"
set -euo pipefail

config=conf/continual.yaml   # model, tasks in order, schedule: the options that the methods share
exp=exp/continual            # folder of the runs, one sub-folder for each: METHOD-ORDER-SEED
methods="naive replay"       # methods, joined by + within one run, or names from conf/methods.txt
orders=calls,debates,stories # orders of the tasks, named as in data/tasks
seeds=0                      # seeds of the examples in an update and of the adapters' initial weights
data=tasks                   # where the tasks are, under data; development: parts of the training data, to choose settings
sound=                       # corpus with sound, e.g. ../../corpora/reunion: its wrong words are counted after each task
at_once=1                    # runs at a time, which share out the processors
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

development() { python development.py data/tasks data/development; }

runs() {  # prints a line for each run: its folder, then its settings
  local method order seed settings
  for seed in $seeds; do
    for order in $orders; do
      for method in $methods; do
        settings=$(awk -v name="$method" '$1 == name { $1 = ""; print }' conf/methods.txt)
        echo "$exp/$method-${order//,/-}-$seed ${settings:-method=$method} training.seed=$seed" \
          "tasks=[data/$data/${order//,/,data/$data/}] probe=data/$data/oral"
      done
    done
  done
}

train() {
  local each='folder=$1; shift; exec dialogue continual train "$config" --exp "$folder" "${@/#/--set=}"' threads=
  ((at_once == 1)) || threads="training.threads=$(($(nproc) / at_once))"
  export config
  runs | sed "s/$/ $threads/" | xargs -P "$at_once" -L 1 bash -c "$each" train
}

compare() {
  dialogue continual compare "$exp" --plot "$exp/compare.svg" > "$exp/compare.md" \
    && dialogue continual compare "$exp" --json > "$exp/compare.json" && cat "$exp/compare.md"
}

stage 1 prepare "dialogues of four domains" prepare
stage 2 tasks "examples" tasks
stage 3 development "parts of the training data" development
stage 4 train "each method, each seed" train
stage 5 compare "forgetting and plasticity" compare
stage 6 rescore "wrong words after each task, if there is sound" ./rescore.sh "$exp" "$sound"
