#!/usr/bin/env bash
# Prints the packages whose libraries a folder of programs and libraries needs from the system.
#
# Usage: find_depends.sh FOLDER
#
# What lies in the folder is not counted, nor what is opened by name only if it is there.
set -euo pipefail
folder=$(realpath "${1:?usage: find_depends.sh FOLDER}")

# Libraries that are opened by name, which ldd can't see.
opened="/usr/lib/$(uname -m)-linux-gnu/libEGL.so.1 /usr/lib/$(uname -m)-linux-gnu/libGL.so.1"

inside=$(find "$folder" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
libraries=$(
  find "$folder" -type f \( -name '*.so*' -o -perm -u+x \) ! -name '*.py' -print0 |
    LD_LIBRARY_PATH=$inside xargs -0 -n 20 ldd 2>/dev/null |
    awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | grep -v "^$folder/" || true
)
for library in $libraries $opened; do
  # Debian moved /lib into /usr: a package may name either.
  for path in "$(realpath "$library")" "$library" "${library#/usr}"; do
    dpkg-query --search "$path" 2>/dev/null | sed 's/:.*//' && break
  done
done | sort -u
