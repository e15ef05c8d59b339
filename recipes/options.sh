# Sourced by every run.sh: handles its options and its stages. Needs bash 4.3 and python3.
#
# An option of the recipe is a line `name=value   # what it is` above the line that sources this file; the option is then
# --name (dashes for underscores), with that default. `true` and `false` make a switch. Options and stages that several recipes
# share may be in a file named by `shared`. Stages are lines
#
#   stage NUMBER NAME "title" COMMAND...
#
# `"${each[@]}"` holds the recipe's --config, --jobs etc. for the stages that work on recordings.
# --stage and --stop-stage take a number or a name. A failing command ends the recipe and says how to resume.
# shellcheck shell=bash

PATH=$PATH:$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.venv/bin  # installed by `make`, used if no other one is active

recipe=$0 recipe_options=() recipe_notes=() stage_numbers=() stage_names=() stage_titles=()

stop() { echo "$recipe: $*" >&2; exit 2; }

while IFS= read -r line; do  # options and stages of the recipe
  if [[ $line =~ ^([a-z_]+)=.*[[:space:]]#[[:space:]](.*)$ ]]; then
    recipe_options+=("${BASH_REMATCH[1]}") recipe_notes+=("${BASH_REMATCH[2]}")
  elif [[ $line =~ ^stage[[:space:]]+([0-9]+)[[:space:]]+([^[:space:]]+)[[:space:]]+\"([^\"]*)\" ]]; then
    stage_numbers+=("${BASH_REMATCH[1]}") stage_names+=("${BASH_REMATCH[2]}") stage_titles+=("${BASH_REMATCH[3]}")
  fi
done < <(cat ${shared:+"$shared"} "$recipe")
DIALOGUE_COMMAND=./${recipe##*/}  # command that reproduces the results, for RESULTS.md
first=${stage_numbers[0]:-1} last=${stage_numbers[-1]:-1}

nearest() {  # nearest WORD CHOICE... prints " Did you mean ...?" or nothing
  python3 -c 'import difflib, sys
near = difflib.get_close_matches(sys.argv[1], sys.argv[2:], n=2, cutoff=0.6)
print(" Did you mean " + " or ".join(near) + "?" if near else "", end="")' "$@"
}

show_help() {
  local i
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$recipe"
  printf '\nOptions (default):\n'
  printf '  %-28s %s\n' "--stage STAGE" "first stage to run, by number or name ($first)" \
    "--stop-stage STAGE" "last stage to run ($last)" "--help" "this text"
  for i in "${!recipe_options[@]}"; do
    local name=${recipe_options[i]}
    local value=" ${name^^}"
    [[ ${!name-} =~ ^(true|false)$ ]] && value=
    printf '  %-28s %s (%s)\n' "--${name//_/-}$value" "${recipe_notes[i]}" "${!name-}"
  done
  printf '\nStages:\n'
  for i in "${!stage_numbers[@]}"; do
    printf '  %-3s %-14s %s\n' "${stage_numbers[i]}" "${stage_names[i]}" "${stage_titles[i]}"
  done
}

stage_number() {  # stage_number NUMBER-OR-NAME prints the number
  local i
  for i in "${!stage_numbers[@]}"; do
    [[ $1 == "${stage_numbers[i]}" || $1 == "${stage_names[i]}" ]] && { echo "${stage_numbers[i]}"; return; }
  done
  stop "no stage '$1'.$(nearest "$1" "${stage_names[@]}") Accepted: ${stage_numbers[*]}, ${stage_names[*]}."
}

while (($#)); do
  case $1 in
    -h | --help) show_help; exit 0 ;;
    --?*) ;;
    *) stop "expected an option, found '$1'. See $recipe --help." ;;
  esac
  option=${1%%=*} name=${1%%=*} name=${name#--} name=${name//-/_}
  known=" stage stop_stage ${recipe_options[*]} "
  if [[ $known != *" $name "* ]]; then
    choices=(--stage --stop_stage --help "${recipe_options[@]/#/--}")
    stop "unknown option $option.$(nearest "$option" "${choices[@]//_/-}") See $recipe --help."
  fi
  if [[ $1 == *=* ]]; then
    value=${1#*=}
  elif [[ ${!name-} == true || ${!name-} == false ]]; then
    value=true
  elif (($# > 1)) && [[ $2 != --* ]]; then
    value=$2; shift
  else
    stop "$option needs a value: $option VALUE, or $option=VALUE."
  fi
  [[ ${!name-} =~ ^(true|false)$ && ! $value =~ ^(true|false)$ ]] && stop "$option: found '$value'. Accepted: true, false."
  case $name in
    stage) first=$(stage_number "$value") || exit ;;
    stop_stage) last=$(stage_number "$value") || exit ;;
    only_failed | explain | publish) printf -v "$name" %s "$value" ;;
    set) set+=("$value"); DIALOGUE_COMMAND+=" --set=$(printf %q "$value")" ;;
    *) printf -v "$name" %s "$value"; DIALOGUE_COMMAND+=" --${name//_/-}=$(printf %q "$value")" ;;
  esac
  shift
done
export DIALOGUE_COMMAND

# The recipe's options that a stage on recordings takes; those of `configured` are for scores and reports too.
configured=(${config:+--config "$config"})
for pair in ${set[@]+"${set[@]}"}; do configured+=(--set "$pair"); done
each=("${configured[@]}" ${jobs:+--jobs "$jobs"} ${cluster:+--cluster "$cluster"} ${slurm:+--slurm "$slurm"})
if [[ ${only_failed-} == true ]]; then each+=(--only-failed); fi
if [[ ${explain-} == true ]]; then each+=(--explain); fi
if [[ ${dry_run-} == true ]]; then each+=(--dry-run); fi

need() {  # need NAME WHY stops if an option was not given
  [[ -n ${!1} ]] || stop "--${1//_/-} is needed: $2"
}

stage() {  # stage NUMBER NAME TITLE COMMAND...
  local number=$1 name=$2 title=$3
  shift 3
  ((first <= number && number <= last)) || return 0
  echo "$(date +%FT%T) stage $number, $name: $title" >&2
  if [[ ${dry_run-} == true && " $* " != *" --dry-run "* ]]; then
    echo "would run: $*" >&2
    return 0
  fi
  local status=0
  "$@" || status=$?
  if ((status)); then
    local again="$recipe${DIALOGUE_COMMAND#./"${recipe##*/}"}"
    echo "$recipe: stage $number, $name, failed (exit code $status). Fix it, then resume: $again --stage $name" >&2
    exit "$status"
  fi
}
