# Sourced by scripts that need packages of Debian's: installs them where that is possible
# without asking anybody, else names the command to run.
#
# install_debian_packages PURPOSE STILL_MISSING PACKAGE...
#   PURPOSE        begins the sentences: "To see the window"
#   STILL_MISSING  a function that prints what is lacking; nothing means all is well
install_debian_packages() {
  local purpose=$1 still_missing=$2
  shift 2
  local install=(apt-get install --yes --no-install-recommends "$@") as_root=()
  if ! command -v apt-get >/dev/null; then
    echo "$purpose, install these (Debian's names): $*" >&2
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! sudo --non-interactive true 2>/dev/null; then
      echo "$purpose, run: sudo ${install[*]}" >&2
      return
    fi
    as_root=(sudo --non-interactive)
  fi
  echo "Installing them." >&2
  export DEBIAN_FRONTEND=noninteractive
  if "${as_root[@]}" apt-get update --quiet=2 &&
    "${as_root[@]}" "${install[@]}" --quiet=2 >/dev/null &&
    [ -z "$("$still_missing")" ]; then
    echo "Installed." >&2
  else
    echo "That did not help. $purpose, run: sudo ${install[*]}" >&2
  fi
}
