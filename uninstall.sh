#!/usr/bin/env bash
# Takes querent off a Debian that install.sh put it on: `./uninstall.sh --help`.
set -euo pipefail
export LC_ALL=C.UTF-8
purge=no yes=no

usage() {
  cat <<'TEXT'
usage: ./uninstall.sh [OPTION...]

Stops querent and removes its package. /etc/querent stays, for the next installation.

  --purge     removes all settings, too: /etc/querent, /etc/default/querent-*, and what enables querent@...
  --yes       asks nothing
  -h, --help  this text
TEXT
}

# die CODE WHAT WHY [TRY]
die() {
  printf 'uninstall.sh: %s: %s%s\n' "$2" "$3" "${4:+; $4}" >&2 || true
  exit "$1"
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# installed, config-files (removed, /etc/querent is still there), or not-installed
state() {
  # shellcheck disable=SC2016
  dpkg-query -W -f '${db:Status-Status}' querent 2>/dev/null || echo not-installed
}

parse() {
  while (($#)); do
    case $1 in
      --purge) purge=yes ;;
      --yes | -y) yes=yes ;;
      -h | --help)
        usage
        exit
        ;;
      *) die 2 "$1" "is no option" "see ./uninstall.sh --help" ;;
    esac
    shift
  done
}

confirm() { # WHAT IS DONE
  local answer
  if [[ $yes == yes ]]; then return; fi
  [[ -t 0 ]] || die 2 uninstall.sh "there is no terminal to ask on" "say --yes"
  read -r -p "$1 Go on? [y/N] " answer || answer=
  [[ $answer == [yY]* ]] || die 1 uninstall.sh "nothing was done"
}

main() {
  local verb=remove what="querent is stopped and removed."
  parse "$@"
  command -v dpkg-query >/dev/null ||
    die 1 dpkg-query "is missing: no package was installed here" "stop the container instead"
  case $(state) in
    not-installed)
      echo "querent is not installed."
      return
      ;;
    config-files)
      if [[ $purge == no ]]; then
        echo "querent is removed already; --purge removes /etc/querent, too."
        return
      fi
      ;;
  esac
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die 3 uninstall.sh "packages are removed by root, and there is no sudo" "run it as root"
  fi
  if [[ $purge == yes ]]; then
    verb=purge what="querent is stopped and removed, and with it /etc/querent, /etc/default/querent-* and what enables querent@..."
  fi
  confirm "$what"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 \
    -o DPkg::Lock::Timeout=300 "$verb" querent ||
    die 1 querent "apt could not $verb it (above)" "mend that, then run uninstall.sh again"
  echo "querent is gone; where it was the only querier, switches will soon forget receivers."
  if [[ $purge == no ]]; then echo "/etc/querent is still there; --purge removes it, too."; fi
  echo "Libraries that nothing needs any more: apt-get autoremove"
}

main "$@"
