#!/usr/bin/env bash
# A language model learns tasks of several kinds and languages one after the other, in three orders, in the shape of TRACE (Wang et al. 2023): summaries of
# English council meetings, French debates and German news, records of French calls, and French stories. What it learns, what it forgets, and
# what it could do before are measured.
#
#   ./run.sh --source /data                                          the folders MeetingBank, FREDSum and 20Minuten are in /data
#   ./run.sh --config conf/reduced.yaml --exp exp/reduced --methods naive    without them: the tasks from this repository
set -euo pipefail

source=                      # folder that holds MeetingBank, FREDSum and 20Minuten; one that is missing is left out. README.md says how to get them
orders="meetingbank,fredsum,20minuten,records,stories stories,20minuten,records,meetingbank,fredsum records,fredsum,stories,20minuten,meetingbank"  # orders of the tasks, named as in data/tasks
longest=9000                 # maximum bytes of a text to summarise; a longer one is not learned, and in a test its head is read
legal_basis="published for research by their authors"  # why texts that name people may be learned: state yours
# shellcheck source-path=SCRIPTDIR source=../continual.sh
. "$(dirname "$0")/../continual.sh"

# each is a task of its name in small letters
corpora="MeetingBank FREDSum 20Minuten"

prepare() {
  local corpus task
  for corpus in $corpora; do
    task=${corpus,,}
    [[ -d $source/$corpus ]] || { echo "$0: no ${source:+$source/}$corpus, so the task $task is left out (see --source)" >&2; continue; }
    dialogue prepare "../../corpora/$task/card.yaml" --source "$source/$corpus" --out "data/$task" || [[ -f data/$task/recordings.jsonl ]] || return
    dialogue validate "data/$task" || echo "see the problems above; continuing with the rest" >&2
  done
  samples calls stories oral
}

tasks() {
  local corpus task make=(dialogue tasks --legal-basis "$legal_basis")
  for corpus in $corpora; do
    task=${corpus,,}
    [[ ! -f data/$task/recordings.jsonl ]] \
      || "${make[@]}" "data/$task" --kind summary --longest "$longest" --leave-out-copies --out "data/tasks/$task" || return
  done
  "${make[@]}" data/calls --kind record --out data/tasks/records && "${make[@]}" data/stories --kind continuation --out data/tasks/stories \
    && "${make[@]}" data/oral --kind continuation --out data/tasks/oral
}

there() {  # there ORDER prints it without the tasks that have no data
  local task kept=
  for task in ${1//,/ }; do [[ ! -f data/$data/$task/train.jsonl ]] || kept+=,$task; done
  [[ $kept == ,*,* ]] || stop "--orders $1: in data/$data are fewer than two of these tasks (${kept#,}). Accepted: two or more that are there; --source brings more."
  [[ $kept == ",$1" ]] || echo "$0: $1 is trained as ${kept#,}; the other tasks have no data" >&2
  echo "${kept#,}"
}

train_there() {
  orders=$(for order in $orders; do there "$order"; done | awk '!known[$0]++') && set+=("evaluation.skill=data/$data/records") && train
}

stage 1 prepare "texts of the corpora that are there" prepare
stage 2 tasks "examples" tasks
stage 3 development "parts of the training data" development
stage 4 train "each method, each order, each seed" train_there
stage 5 compare "forgetting, plasticity, abilities" compare
stage 6 gates "no worse than the first run" python gates.py "$exp/compare.json" "conf/gates-$(basename "$config")"
