#!/usr/bin/env bash
# Whisper learns from one corpus, and is compared with what it was before, on held-out recordings and on other speech.
# The sample corpus is minutes of synthetic voices: it shows that the mechanism works, not that finetuning helps.
#
#   ./run.sh                                                                   the sample corpus
#   ./run.sh --card ../../corpora/eslo2/card.yaml --source ESLO2 --data data/eslo --exp exp/eslo --legal-basis "public task"
set -euo pipefail

card=card.yaml                    # card of the corpus, with the splits (or shares) train, dev and test
source=../../corpora/reunion/data # folder of the corpus
data=data                         # folder of what is prepared
config=conf/acoustic.yaml         # adapters, schedule, training
model=whisper-base                # name or folder of the initial model
exp=exp/acoustic                  # folder to write: the run, the model, what both models hear
foreign=                          # folders of other prepared corpora, never learned: what was forgotten
legal_basis=                      # why the voices of people may be learned, if the card does not say it
dry_run=false                     # say what would run, without running it
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

read -ra scored <<< "$data/dev $data/test $foreign"

prepare() { dialogue prepare "$card" --source "$source" --out "$data" && dialogue validate "$data"; }

finetune() {
  dialogue acoustic train "$config" --exp "$exp/run" --set "data=$data" --set "model=$model" ${legal_basis:+--legal-basis "$legal_basis"}
}

publish() { [[ -e $exp/model ]] || dialogue acoustic publish "$exp/run" --out "$exp/model"; }

diarize() {
  local folder
  for folder in "${scored[@]}"; do
    dialogue diarize "$folder/recordings.jsonl" --out "$exp/diarization" || return
  done
}

transcribe() {  # transcribe FOLDER MODEL
  local folder
  for folder in "${scored[@]}"; do
    dialogue transcribe "$folder/recordings.jsonl" --speech "$exp/diarization" --out "$exp/$1" --set "asr.model=$2" || return
  done
}

compare() {
  dialogue acoustic compare "${scored[@]}" --before "$exp/before" --after "$exp/after" --out "$exp/compare.json" --note "$exp/model" \
    > "$exp/compare.md" && cat "$exp/compare.md"
}

stage 1 prepare "manifests, references, splits" prepare
stage 2 finetune "adapters, until dev gets no better" finetune
stage 3 publish "the model, with its card" publish
stage 4 diarize "who speaks when" diarize
stage 5 before "what the initial model hears" transcribe before "$model"
stage 6 after "what the finetuned model hears" transcribe after "$exp/model"
stage 7 compare "word errors before and after" compare
