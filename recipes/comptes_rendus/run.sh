#!/usr/bin/env bash
# Comptes rendus: minutes of invented meetings whose decisions, tasks and open questions are labelled, utterance by utterance.
# Writes the minutes of the test hands from their text and scores them by place: what is found of each phenomenon, what is shown
# though it was not decided, and whether the confidences can be believed. train.py trains the reader that finds the items.
#
#   ./run.sh                                 minutes and scores of the test (hands h7 and h8)
#   ./run.sh --split train                   of the hands that the reader was trained on
#   ./run.sh --set minutes.model=NAME        minutes by a language model
#   ./run.sh --finetune conf/editor.yaml     a language model learns to judge and word what was found, then edits the minutes
set -euo pipefail

source=../../corpora/comptes-rendus/text  # folder of the texts
split="test"                 # split that gets minutes and scores: test or train
config=conf/comptes_rendus.yaml  # options of the minutes
set=()                       # an option of the minutes, e.g. minutes.length=short; may be repeated
finetune=                    # e.g. conf/editor.yaml: model, schedule and size of the finetuning of an editor
exp=exp/comptes_rendus       # folder to write
jobs=1                       # processes
only_failed=false            # process only the meetings that failed before
explain=false                # say for each meeting why it runs or is skipped
dry_run=false                # say what would run, without running it
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

score() {  # score FOLDER: of minutes
  dialogue score minutes "data/$split" --minutes "$1" --transcripts data/reference --out "$1_scores.json" > "$1_scores.md" \
    && cat "$1_scores.md"
}

learn() {  # both kinds of questions are one task
  [[ -n $finetune ]] || return 0
  local kind split
  for kind in judge rewrite; do dialogue tasks data --kind $kind --out data/tasks/$kind || return; done
  mkdir -p data/tasks/items
  for split in train test; do cat data/tasks/{judge,rewrite}/$split.jsonl > data/tasks/items/$split.jsonl; done
  dialogue continual train "$finetune" --exp "$exp/editor" \
    && dialogue continual verify "$exp/editor" --sample 8 && dialogue continual publish "$exp/editor" --out "$exp/model"
}

edit() {
  [[ -n $finetune ]] || return 0
  dialogue minutes "data/$split/recordings.jsonl" --transcripts data/reference --out "$exp/edited" "${each[@]}" \
    --set minutes.model="$PWD/$exp/model" --set minutes.role=editor && score "$exp/edited"
}

stage 1 prepare "transcripts, and minutes with the utterances on which each item stands" \
  dialogue prepare ../../corpora/comptes-rendus/card.yaml --source "$source" --out data
stage 2 minutes "minutes with evidence" \
  dialogue minutes "data/$split/recordings.jsonl" --transcripts data/reference --out "$exp/minutes" "${each[@]}"
stage 3 score "by place, by phenomenon, and what was not decided" score "$exp/minutes"
stage 4 learn "a model learns to edit (--finetune)" learn
stage 5 edit "minutes edited by it, and their scores" edit
