#!/usr/bin/env bash
# FREDSum: French political debates with summaries by people. Makes minutes with evidence, and summaries by the embedded model
# before and after finetuning on those of people; compares all of them with the first words of the debate, with people, and with
# published systems. There is no sound, so the scores are free of recognition errors.
#
#   ./run.sh --source /data/FREDSum
#   ./run.sh --source /data/FREDSum --finetune conf/reduced.yaml     two updates, to check that everything runs
set -euo pipefail

source=                      # folder of the corpus; README.md says how to get it
split="test"                 # split that gets minutes and scores: train or test
config=conf/fredsum.yaml     # options of the minutes
finetune=conf/finetune.yaml  # model, schedule and size of the finetuning
longest=9000                 # maximum bytes of a debate to summarise, so that it fits the context with its summary
exp=exp/fredsum              # folder to write
jobs=1                       # processes; each loads the models once
only_failed=false            # process only the debates that failed before
explain=false                # say for each debate why it runs or is skipped
legal_basis="public debates, published for research"  # why they may be learned: state yours
dry_run=false                # say what would run, without running it
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

prepare() {
  need source "the folder of the corpus. README.md says how to get it."
  dialogue prepare ../../corpora/fredsum/card.yaml --source "$source" --out data || [[ -f data/recordings.jsonl ]] || return  # some failed; continue with the rest
  dialogue validate data || echo "see the problems above; continuing with the rest" >&2
}

minutes() {
  local recordings=data/$split/recordings.jsonl
  dialogue minutes "$recordings" --transcripts data/reference --out "$exp/minutes" "${each[@]}" \
    && dialogue documents "$recordings" --minutes "$exp/minutes" --transcripts data/reference --out "$exp/documents" "${each[@]}"
}

write() {  # the model before and after finetuning
  dialogue continual evaluate "$exp/finetuned" --to 0 > "$exp/initial.md" \
    && dialogue continual evaluate "$exp/finetuned" > "$exp/finetuned.md" && cat "$exp/initial.md" "$exp/finetuned.md"
}

score() {
  local systems=() folder
  for folder in "${source:-none}"/summary_abstractive_prediction/*/; do  # systems published with FREDSum
    [[ -d $folder ]] && systems+=("$(basename "$folder")=$folder")
  done
  systems+=("initial=$exp/finetuned/task_0/written/summaries" "finetuned=$exp/finetuned/task_1/written/summaries")
  dialogue score minutes "data/$split" --minutes "$exp/minutes" --transcripts data/reference --out "$exp/scores.json" \
    --systems "${systems[@]}" > "$exp/scores.md" && cat "$exp/scores.md"
}

stage 1 prepare "transcripts, summaries, splits" prepare
stage 2 minutes "minutes with evidence" minutes
stage 3 tasks "summaries as examples" \
  dialogue tasks data --kind summary --longest "$longest" --out data/tasks/summaries --legal-basis "$legal_basis"
stage 4 finetune "the embedded model learns to summarise" \
  dialogue continual train "$finetune" --exp "$exp/finetuned"
stage 5 write "summaries before and after" write
stage 6 score "compared with people, the lead and published systems" score
