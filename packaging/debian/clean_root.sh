# Sourced by scripts that try something in a Debian that holds nothing else. They must be root.
#
# make_clean_root SUITE ROOT [CACHE]  a minimal system in the folder ROOT, which is emptied first;
#                                     CACHE, a folder, keeps downloaded packages for the next time
# inside COMMAND...                   carries out COMMAND there as root; its processes end with it
# remove_clean_root                   takes the system away
#
# The system gets this one's way to package mirrors (proxy, certificates), and nothing else of it.

clean_root=""

make_clean_root() {
  local suite=$1 file
  clean_root=$2
  local cache=${3:-}
  remove_clean_root
  mkdir -p "$clean_root"
  debootstrap --variant=minbase ${cache:+--cache-dir="$cache"} "$suite" "$clean_root" \
    "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$clean_root.log" 2>&1 || {
    tail -n 20 "$clean_root.log" >&2
    return 1
  }
  rm -f "$clean_root.log"
  for file in /etc/resolv.conf /etc/hosts; do
    [ ! -e $file ] || cp -L $file "$clean_root/etc/"
  done
  apt-config dump | grep -E '^Acquire::https?::' >"$clean_root/etc/apt/apt.conf.d/50mirror" || true
  mkdir -p "$clean_root/dev/shm" "$clean_root/dev/pts"
  mount -t tmpfs tmpfs "$clean_root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$clean_root/dev/pts"
  if [ -n "$cache" ]; then
    mount --bind "$cache" "$clean_root/var/cache/apt/archives"
  fi
  inside apt-get update -qq
}

inside() {
  unshare --fork --pid --kill-child --mount --mount-proc="$clean_root/proc" \
    chroot "$clean_root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
}

remove_clean_root() {
  local place
  # Without a name, all of this system would be meant.
  [ -n "$clean_root" ] || return 0
  # What is mounted there is not removed along.
  awk -v root="$clean_root/" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r |
    while read -r place; do umount "$place"; done
  if grep -q " $clean_root/" /proc/mounts; then
    echo "$clean_root is still in use and is left there." >&2
    return 1
  fi
  rm -rf --one-file-system "$clean_root"
}
