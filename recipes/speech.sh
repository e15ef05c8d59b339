# Sourced by the run.sh of a speech corpus, which sets `corpus` (its folder in corpora/) and adds its own stages after these.
#
#   corpus=ami
#   . "$(dirname "$0")/../speech.sh"
#   stage 6 minutes "minutes with evidence" minutes
# shellcheck shell=bash disable=SC2154,SC2034,SC2120

name=$(basename "$(cd "$(dirname "$0")" && pwd)")
source=${source-}            # folder of the corpus; README.md says how to get it
split=${split-test}          # split to transcribe and score: train, dev or test
config=conf/$name.yaml       # options of all stages
set=()                       # an option of the stages, e.g. asr.effort=high; may be repeated
exp=exp/$name                # folder to write
from=                        # experiment whose outputs are taken where they would come out the same, if EXP is new
jobs=1                       # processes, or jobs of a cluster; each loads the models once
cluster=                     # slurm: the stages that work on recordings are arrays of jobs; if empty, this machine
slurm=                       # YAML file of the site, e.g. ../conf/jean-zay.yaml
pseudonymise=${pseudonymise-card}  # names are replaced in what the minutes are made from: card (unless it says that no data are personal), yes, no
key_file=                    # key of the pseudonyms, made if missing; if empty, EXP.key. Destroy it, and nothing leads back
mentions_config=             # YAML file of `dialogue privacy detect`; if empty, its defaults
speakers=                    # number of speakers in every recording; if empty, it is estimated
only_failed=false            # process only the recordings that failed before
explain=false                # say for each recording why it runs or is skipped
dry_run=false                # say what would run, without running it
publish=false                # replace the results in RESULTS.md, which are kept in git; otherwise they are only in EXP/RESULTS.md

shared=${BASH_SOURCE[0]}
# shellcheck source-path=SCRIPTDIR source=options.sh
. "$(dirname "$0")/../options.sh"
cd "$(dirname "$0")"

use() {  # use DATA
  data=$1
  recordings=$data/recordings.jsonl
}
use "data${split:+/$split}"

if [[ -n $from && ! -e $exp && $dry_run == false ]]; then
  [[ -d $from ]] || stop "--from $from: no such folder. Accepted: the folder of another experiment."
  mkdir -p "$(dirname "$exp")" && cp -R "$from" "$exp" && rm -f "$exp/scores.json" "$exp/RESULTS.md"
fi

prepare() {
  need source "the folder of the corpus. README.md says how to get it."
  # some recordings may fail; continue with the others
  dialogue prepare "../../corpora/$corpus/card.yaml" --source "$source" --out data || [[ -f data/recordings.jsonl ]] || return
  dialogue validate data || echo "see the problems above; continuing with the rest" >&2
}

personal() {  # whether what identifies people is to be replaced; data of which nothing is known may be personal
  case $pseudonymise in
    yes) true ;;
    no) false ;;
    card) ! grep -qs '"personal_data": "no"' data/card.json ;;
    *) stop "--pseudonymise: found '$pseudonymise'. Accepted: card, yes, no." ;;
  esac
}

pseudonymised() {
  if ! personal; then
    echo "$recipe: nothing is replaced (the card says personal_data: no, or --pseudonymise no)" >&2
    return
  fi
  local running=(--jobs "$jobs" ${cluster:+--cluster "$cluster"} ${slurm:+--slurm "$slurm"}) option
  for option in only_failed explain dry_run; do
    if [[ ${!option} == true ]]; then running+=("--${option//_/-}"); fi
  done
  dialogue pseudonymise "$recordings" --transcripts "$exp/transcript" --mentions "$exp/mentions" --key-file "${key_file:-$exp.key}" \
    --out "$exp/pseudonymised" ${mentions_config:+--privacy "$mentions_config"} "${running[@]}"
}

minutes() {  # of the pseudonymised copies if the data are personal; scores are of the transcripts themselves
  local manifest=$recordings said=$exp/transcript
  if personal; then manifest=$exp/pseudonymised/data/recordings.jsonl said=$exp/pseudonymised; fi
  dialogue minutes "$manifest" --transcripts "$said" --out "$exp/minutes" "${each[@]}" \
    && dialogue documents "$manifest" --minutes "$exp/minutes" --transcripts "$said" --out "$exp/documents" "${each[@]}"
}

score() {
  dialogue score transcripts "$data" --transcripts "$exp/transcript" --out "$exp/scores.json" \
    --gates "conf/gates-${split:-all}.yaml" "${configured[@]}"
}

report() {
  local publishing=()
  if [[ $publish == true ]]; then publishing=(--publish); fi
  dialogue report "$exp" --data "$data" --results RESULTS.md "${publishing[@]}" "${configured[@]}"
}

stage 1 prepare "manifests, references, splits" \
  prepare
if [[ -n $split && ! -e $data && -e data/recordings.jsonl ]]; then
  echo "$recipe: data/ has no split '$split', so all its recordings are taken" >&2
  use data
fi
stage 2 diarize "who speaks when" \
  dialogue diarize "$recordings" --out "$exp/diarization" "${each[@]}"
stage 3 transcribe "what is said" \
  dialogue transcribe "$recordings" --speech "$exp/diarization" --out "$exp/asr" "${each[@]}"
stage 4 attribute "who says what" \
  dialogue attribute "$recordings" --words "$exp/asr" --turns "$exp/diarization" --out "$exp/transcript" \
  ${speakers:+--speakers "$speakers"} "${each[@]}"
stage 5 pseudonymise "what identifies people, replaced" pseudonymised
