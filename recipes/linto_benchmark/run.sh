#!/usr/bin/env bash
# Diarizations compared: what several systems found, against references, from RTTM alone; made for LINAGORA's public benchmark of LinTO.
# With the sound, this project's diarization is made too, and that of pyannote's community-1 where its weights are.
#
#   ./run.sh --source /data/speaker-diarization-benchmark
#   ./run.sh --source /data/speaker-diarization-benchmark --sound /data/wav --jobs 4
#   ./run.sh --references refs --systems outputs                 other files: outputs/SYSTEM/RECORDING.rttm
set -euo pipefail

source=                          # clone of the benchmark; README.md says how to get it
references=                      # folder of references, RTTM; if empty, that of the benchmark
systems=                         # folder with a folder for each system, RTTM or JSON; if empty, results/cuda/unknown_spk of the benchmark
groups=                          # CSV, input_file and group: a table for each group; if empty, that of the benchmark
uem=                             # scored zones, a file or a folder; if empty, all is scored
sound=                           # folder of sound, named as the references; only those that have some are then scored; if empty, data/benchmark/wav of the benchmark, if there
config=conf/linto_benchmark.yaml  # options of our diarization
exp=exp/linto_benchmark          # folder to write
jobs=1                           # processes; each loads the models once
dry_run=false                    # say what would run, without running it
# shellcheck source-path=SCRIPTDIR source=../options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"
if [[ -n $source ]]; then  # the layout of the benchmark
  : "${references:=$source/data/rttm}" "${systems:=$source/results/cuda/unknown_spk}"
  [[ -n $groups || ! -e $source/data/metadata.csv ]] || groups=$source/data/metadata.csv
  [[ -n $sound || ! -d $source/data/benchmark/wav ]] || sound=$source/data/benchmark/wav
fi
prepare() {  # a manifest of the references that have sound
  [[ -n $sound ]] || { echo "$recipe: no --sound, so what is in the folders of systems is scored, and nothing is diarized" >&2; return 0; }
  local reference file ending
  rm -rf data/matched && mkdir -p data/matched/references data/matched/sound
  for reference in "$references"/*.rttm; do
    for ending in wav flac mp3 m4a opus ogg; do
      file=$sound/$(basename "$reference" .rttm).$ending
      [[ ! -e $file ]] || { ln -s "$(realpath "$file")" data/matched/sound/ && ln -s "$(realpath "$reference")" data/matched/references/ && break; }
    done
  done
  dialogue prepare card.yaml --source data/matched --out data
}
diarize() {  # diarize NAME MODEL OPTION... writes RTTM into a folder as those of the other systems
  [[ -n $sound ]] || return 0
  local name=$1 known; known=$(dialogue models | grep "^$2 ")
  [[ $known == *" here: "* ]] || { echo "$recipe: $name is not run: $known" >&2; return 0; }
  dialogue diarize data/recordings.jsonl --out "$exp/diarization/$name" "${each[@]}" "${@:3}" \
    && rm -rf data/turns && mkdir data/turns && cp "$exp/diarization/$name"/*.json data/turns && rm data/turns/stage.json \
    && dialogue convert data/turns "$exp/systems/$name" --from json --to rttm
}
score() {
  [[ -z $sound ]] || references=data/matched/references
  need references "a folder of RTTM, or --source, the clone of the benchmark."
  local folder folders=()
  for folder in "$systems"/*/ "$exp"/systems/*/; do [[ ! -d $folder ]] || folders+=("$folder"); done
  dialogue score systems "$references" "${folders[@]}" --out "$exp" ${uem:+--uem "$uem"} ${groups:+--groups "$groups"}
}

stage 1 prepare "references that have sound" prepare
stage 2 ours "diarization of this project" diarize ours segmentation-3.0
stage 3 community "diarization of pyannote's community-1" diarize community-1 community-1 --set diarization.model=community-1
stage 4 score "tables with intervals, a plot" score
