#!/usr/bin/env bash
# FREDSum: French political debates with summaries by people. Minutes with evidence, summaries by the embedded model before and after it
# was finetuned on people's, and how they all compare with the first words of the debate, with people, and with published systems. No
# sound: what is measured is free of errors of recognition.
#
#   ./run.sh --source /data/FREDSum
#   ./run.sh --source /data/FREDSum --finetune conf/reduced.yaml     two updates: shows that everything runs
set -euo pipefail

source=                      # folder of the corpus; README.md says how to get it
split="test"                 # which debates get minutes and scores: train or test
config=conf/fredsum.yaml     # options of the minutes
finetune=conf/finetune.yaml  # model, schedule, size of the finetuning
longest=9000                 # bytes of a debate that are summed up: what the context holds beside the summary
exp=exp/fredsum              # what is made
jobs=1                       # processes; models are loaded once in each
only_failed=false            # only the debates that failed before
explain=false                # say for each debate why it runs, or that it need not
dry_run=false                # say what would run, and do nothing else
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

prepare() {
  need source "the folder of the corpus. README.md says how to get it."
  dialogue prepare ../../corpora/fredsum/card.yaml --source "$source" --out data || [[ -f data/recordings.jsonl ]] || return  # some failed: the rest goes on
  dialogue validate data || echo "what is wrong is said above; the rest goes on" >&2
}

minutes() {
  local recordings=data/$split/recordings.jsonl
  dialogue minutes "$recordings" --transcripts data/reference --out "$exp/minutes" "${each[@]}" \
    && dialogue documents "$recordings" --minutes "$exp/minutes" --transcripts data/reference --out "$exp/documents" "${each[@]}"
}

write() {  # the model before and after
  dialogue continual evaluate "$exp/finetuned" --to 0 > "$exp/initial.md" \
    && dialogue continual evaluate "$exp/finetuned" > "$exp/finetuned.md" && cat "$exp/initial.md" "$exp/finetuned.md"
}

score() {
  local systems=() folder
  for folder in "${source:-none}"/summary_abstractive_prediction/*/; do  # those that FREDSum publishes
    [[ -d $folder ]] && systems+=("$(basename "$folder")=$folder")
  done
  systems+=("initial=$exp/finetuned/task_0/written/summaries" "finetuned=$exp/finetuned/task_1/written/summaries")
  dialogue score minutes "data/$split" --minutes "$exp/minutes" --transcripts data/reference --out "$exp/scores.json" \
    --systems "${systems[@]}" > "$exp/scores.md" && cat "$exp/scores.md"
}

stage 1 prepare "transcripts, summaries, splits" prepare
stage 2 minutes "minutes with evidence" minutes
stage 3 tasks "summaries as examples" \
  dialogue tasks data --kind summary --longest "$longest" --out data/tasks/summaries
stage 4 finetune "the embedded model learns to sum up" \
  dialogue continual train "$finetune" --exp "$exp/finetuned"
stage 5 write "summaries before and after" write
stage 6 score "beside people, the lead and published systems" score
