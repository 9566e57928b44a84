#!/usr/bin/env bash
# Installs the package in a Debian that holds nothing else, uses it there, and removes it again.
#
# Usage: test_in_clean_root.sh PACKAGE.deb [SUITE] [FOLDER]
#
# SUITE is bookworm by default. Needs debootstrap, a mirror, and to be root; FOLDER holds the system
# for as long as the test takes (4 GB).
set -euo pipefail
package=$(realpath "${1:?usage: test_in_clean_root.sh PACKAGE.deb [SUITE] [FOLDER]}")
suite=${2:-bookworm}
root=$(realpath -m "${3:-/var/tmp/fieldguide-clean-root}")
packaging=$(realpath "$(dirname "$0")/..")
source "$packaging/debian/clean_root.sh"

# All that is there, but for what packages and the system itself keep writing.
files() {
  (cd "$clean_root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp \
    -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/apt -o -path ./var/lib/dpkg \
    -o -path ./home \) -prune -o -print | sort)
}
trap remove_clean_root EXIT

make_clean_root "$suite" "$root"
# For the test, not for the program.
inside apt-get install -y -qq --no-install-recommends python3 xvfb xdotool >/dev/null
inside useradd --create-home tester

files >/tmp/fieldguide-before.$$
inside dpkg-query -W -f '${Package}\n' >/tmp/fieldguide-packages.$$
cp "$package" "$clean_root/tmp/fieldguide.deb"
inside apt-get install -y -qq /tmp/fieldguide.deb >/dev/null
echo "Installed. What came along: $(inside dpkg-query -W -f '${Package}\n' |
  comm -13 /tmp/fieldguide-packages.$$ - | grep -vx fieldguide | paste -sd' ')"

cp "$packaging/smoke_test.py" "$clean_root/tmp/"
inside su tester -c "cd && python3 /tmp/smoke_test.py \
  --sample /usr/lib/fieldguide/_internal/resources/sample -- fieldguide"

inside apt-get purge -y -qq fieldguide >/dev/null
inside apt-get autoremove --purge -y -qq >/dev/null
files >/tmp/fieldguide-after.$$
if left=$(comm -13 /tmp/fieldguide-before.$$ /tmp/fieldguide-after.$$) && [ -n "$left" ]; then
  echo "Left behind by the package:" >&2
  echo "$left" >&2
  exit 1
fi
rm -f /tmp/fieldguide-*.$$
echo "Removed, and nothing was left."
