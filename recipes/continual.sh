# Sourced by the run.sh of a recipe of continual finetuning, which names the orders of its tasks, makes them in data/tasks, and trains on them:
#
#   orders="a,b b,a"             # orders of the tasks, named as in data/tasks
#   . "$(dirname "$0")/../continual.sh"
#   stage 4 train "each method, each order, each seed" train
# shellcheck shell=bash disable=SC2154,SC2034

config=conf/continual.yaml   # model, tasks in order, schedule: the options that the runs share
exp=exp/continual            # folder of the runs, one sub-folder for each: METHOD-ORDER-SEED
methods="naive replay"       # methods, joined by + within one run, or names from ../continual_fr/conf/methods.txt
seeds=0                      # seeds of the examples in an update and of the adapters' initial weights
set=()                       # an option of every run, e.g. model=gemma-3-270m; may be repeated
data=tasks                   # where the tasks are, under data; development: parts of the training data, to choose settings
at_once=1                    # runs at a time, which share out the processors
dry_run=false                # say what would run, without running it

shared=${BASH_SOURCE[0]}
# shellcheck source-path=SCRIPTDIR source=options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

samples() {  # samples DOMAIN... prepares texts that are in the repository
  local domain
  for domain; do
    dialogue prepare "../../corpora/sample-$domain/card.yaml" --source "../../corpora/sample-$domain/data" --out "data/$domain" \
      && dialogue validate "data/$domain" || return
  done
}

development() { python ../continual_fr/development.py data/tasks data/development; }

runs() {  # prints a line for each run: its folder, then its settings
  local method order seed settings skill given=
  ((${#set[@]} == 0)) || given=$(printf ' %q' "${set[@]}")  # as xargs reads it
  skill=$(sed -nE "s|.*\bskill: data/tasks/(\w+).*| evaluation.skill=data/$data/\1|p" "$config")  # of the same data as the tasks
  for seed in $seeds; do
    for order in $orders; do
      for method in $methods; do
        settings=$(awk -v name="$method" '$1 == name { $1 = ""; print }' ../continual_fr/conf/methods.txt)
        echo "$exp/$method-${order//,/-}-$seed ${settings:-method=$method} training.seed=$seed" \
          "tasks=[data/$data/${order//,/,data/$data/}] probe=data/$data/oral$skill$given"
      done
    done
  done
}

train() {
  # shellcheck disable=SC2016
  local one='folder=$1; shift; exec dialogue continual train "$config" --exp "$folder" "${@/#/--set=}"' threads=
  ((at_once == 1)) || threads="training.threads=$(($(nproc) / at_once))"
  export config
  runs | sed "s/$/${threads:+ $threads}/" | xargs -P "$at_once" -L 1 bash -c "$one" train
}

compare() {
  dialogue continual compare "$exp" --plot "$exp/compare.svg" > "$exp/compare.md" \
    && dialogue continual compare "$exp" --json > "$exp/compare.json" && cat "$exp/compare.md"
}
