# Sourced by scripts that make an environment for exports in a folder of its own. Such a script sets
# $folder, and has a function `recipe`, which prints what the environment is made from.

say() { echo "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# made_already: whether the folder was made from the same recipe, to the end.
made_already() { [ "$(recipe)" = "$(cat "$folder/.made_from" 2>/dev/null)" ]; }

# require_own_folder MARK: refuses a folder with files of others; MARK is a file that ours have.
require_own_folder() {
  if [ -d "$folder" ] && [ ! -e "$folder/$1" ] && [ -n "$(ls -A "$folder")" ]; then
    fail "$folder holds other files. Name an empty folder."
  fi
}

# take_folder MARK: makes the folder and waits for another process that is making it; then ends
# the script if that one has made it.
take_folder() {
  mkdir -p "$folder" 2>/dev/null && touch "$folder/$1" 2>/dev/null ||
    fail "$folder can't be written. Name another folder: $0 FOLDER"
  folder=$(cd "$folder" && pwd)
  command -v flock >/dev/null || return 0 # which macOS lacks
  exec 9>"$folder/.lock"
  if ! flock --nonblock 9; then
    say "Another process is making $folder; waiting for it"
    flock 9
    if made_already; then exit 0; fi
  fi
}

# require_room NEEDED UNIT PURPOSE: UNIT is MiB or GiB, PURPOSE what needs it.
require_room() {
  local free_kib unit_kib=1024
  [ "$2" = MiB ] || unit_kib=$((1024 * 1024))
  free_kib=$(df -Pk "$folder" | awk 'NR == 2 {print $4}')
  [ "$free_kib" -ge $(($1 * unit_kib)) ] ||
    fail "$folder has $((free_kib / unit_kib)) $2 free, $3 needs $1." \
      "Make room, or name a folder on another disk: $0 FOLDER"
}

# run_logged NAME VARIABLE COMMAND...: runs pip or npm, keeping what it says for a message;
# VARIABLE is the one that names another index.
run_logged() {
  local name=$1 variable=$2 log=$folder/$1.log
  shift 2
  if "$@" >"$log" 2>&1; then
    return
  fi
  if grep -qE 'No space left|ENOSPC' "$log"; then
    say "The disk of $folder is full. Make room and call this again."
  elif grep -qiE 'NewConnectionError|name resolution|ConnectTimeout|Max retries|ReadTimeout|unreachable|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT' "$log"; then
    say "The package index of $name can't be reached. Check the network connection, or name a" \
      "mirror in $variable, and call this again."
  else
    say "$name failed; its last words were:"
    tail -n 5 "$log" >&2
  fi
  say "All that $name said is in $log."
  return 1
}
