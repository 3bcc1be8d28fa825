#!/usr/bin/env bash
# Installs querent from this clone on Debian 12 and what descends from it: `./install.sh --help`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly CONFIG=/etc/querent/querent.toml
readonly WANTED=/etc/systemd/system/multi-user.target.wants/querent.service
readonly PATIENCE=20 # seconds to become healthy
export LC_ALL=C.UTF-8

# What was said on the command line.
interfaces='' deb='' yes=no start=yes dry=no
warned=no masked=no scratch=''

usage() {
  cat <<'TEXT'
usage: ./install.sh [OPTION...]

Builds querent's Debian package from this clone, installs it, asks on which interface your multicast
is, and starts the service. For Debian 12 and what descends from it. Run again, it installs
the clone as it is then, and keeps all settings.

  --interface IF[,IF...]  where to be querier, without a question (or: QUERENT_INTERFACE)
  --yes                   ask nothing: where none is configured, the suggested interface
  --deb FILE              install this package instead of building one
  --no-start              do not start the service
  --dry-run               say what would be done, and do nothing
  -h, --help              this text

As root, or with sudo. ./uninstall.sh takes it away again.
TEXT
}

say() { printf '%s\n' "$*"; }

# die CODE WHAT WHY [TRY]
die() {
  printf 'install.sh: %s: %s%s\n' "$2" "$3" "${4:+; $4}" >&2 || true
  exit "$1"
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

has_systemd() { [[ -d /run/systemd/system ]]; }

# ---- where it can be installed

use_image() {
  printf 'use the container image: docker build -t querent . && docker run -d --network host '
  printf -- '--cap-drop ALL --cap-add NET_RAW --read-only querent run -i eth0'
}

check_distribution() { # FILE
  local ID='' ID_LIKE='' VERSION_ID='' PRETTY_NAME='this system' oldest=''
  # shellcheck source=/dev/null
  source "$1" 2>/dev/null || true
  case $ID in
    debian | raspbian) oldest=12 ;;
    ubuntu) oldest=24.04 ;;
    *)
      [[ " $ID_LIKE " =~ \ (debian|ubuntu)\  ]] ||
        die 1 "$PRETTY_NAME" "is neither Debian 12 nor descends from it" "$(use_image)"
      ;;
  esac
  if [[ -n $oldest && -n $VERSION_ID ]] && dpkg --compare-versions "$VERSION_ID" lt "$oldest"; then
    die 1 "$PRETTY_NAME" "is older than ${ID^} $oldest" "$(use_image)"
  fi
  if [[ $ID != debian ]]; then say "$PRETTY_NAME: querent is tested on Debian 12 alone."; fi
}

# ---- which interface

# Interfaces that may carry a LAN's multicast, the best first: that of the default route, those with
# a cable and an address, those with a cable, the others; a wireless one after all of them.
candidates() {
  local default addressed number name flags rest rank
  default=$(ip -o -4 route show default | awk '
    { metric = 0; device = ""
      for (i = 1; i < NF; i++) {
        if ($i == "dev") device = $(i + 1)
        if ($i == "metric") metric = $(i + 1)
      }
      if (device != "" && (best == "" || metric < least)) { best = device; least = metric } }
    END { print best }')
  addressed=" $(ip -o -4 address show | awk '{ printf "%s ", $2 }')"
  while read -r number name flags rest; do
    [[ $number == *: ]] || continue
    name=${name%:} name=${name%%@*}
    case $name in
      lo | tailscale* | tun* | tap* | wg* | docker* | veth* | br-* | virbr* | cni* | flannel* | zt*)
        continue
        ;;
    esac
    # A port of a bridge or a bond is not where the host's multicast is.
    [[ $flags == *BROADCAST*MULTICAST* && " $rest " != *" master "* ]] || continue
    rank=3
    if [[ $flags =~ [,\<]LOWER_UP[,\>] ]]; then rank=2; fi
    if ((rank == 2)) && [[ $addressed == *" $name "* ]]; then rank=1; fi
    if [[ $name == "$default" ]]; then rank=0; fi
    if is_wireless "$name"; then rank=$((rank + 10)); fi
    printf '%d %s\n' "$rank" "$name"
  done < <(ip -o link show) | sort -s -n -k1,1 | cut -d' ' -f2
}

is_wireless() { [[ $1 == wl* || -e /sys/class/net/$1/wireless ]]; }

is_name() { [[ $1 =~ ^[^[:space:][:cntrl:]/:,\"\\]{1,15}$ && $1 != [-=]* && $1 != . && $1 != .. ]]; }

# each NAMES: of a comma list, one a line, each once.
each() { tr ',' '\n' <<<"$1" | sed -E 's/^[[:space:]]+|[[:space:]]+$//g; /^$/d' | awk '!seen[$0]++'; }

check_names() { # NAMES
  local name
  [[ -n $(each "$1") ]] || die 2 interface "none is named in '$1'" "say --interface eth0"
  while read -r name; do
    is_name "$name" || die 2 "$name" "is not the name of an interface" "see: ip link"
  done < <(each "$1")
}

warn() {
  if [[ $warned == yes ]]; then return; fi
  warned=yes
  cat <<'TEXT'

To know:
- Becoming querier makes our switch port a router port: it receives all multicast that the switch
  forwards. Do not do this over a link that cannot carry it.
- The first querier on a LAN makes many switches and bridges change from flooding to filtering:
  receivers that never report their membership will go silent.
TEXT
}

ask() { # NAME...: the best first; sets interfaces
  local name answer
  warn
  printf '\nOn which interface is your multicast? (several: with commas between them)\n'
  for name; do
    printf '  %-15s %s\n' "$name" "$(address_of "$name")$(
      ! is_wireless "$name" || echo '  wireless: seldom a link that can carry it')"
  done
  while true; do
    read -r -p "Interface [$1]: " answer ||
      die 1 interface "no answer came" "say --interface $1"
    interfaces=${answer:-$1}
    for name in $(each "$interfaces"); do
      if ! is_name "$name" || ! ip link show dev "$name" >/dev/null 2>&1; then
        say "There is no interface $name."
        continue 2
      fi
    done
    return
  done
}

address_of() { # NAME: its first IPv4 address
  ip -o -4 address show dev "$1" 2>/dev/null | awk '{ sub(/\/.*/, "", $4); print $4; exit }'
}

choose_interface() { # sets interfaces
  local found
  command -v ip >/dev/null ||
    die 1 ip "is missing" "apt-get install iproute2, or say --interface eth0"
  mapfile -t found < <(candidates)
  ((${#found[@]} > 0)) ||
    die 1 interface "none here looks like a LAN" "say which: --interface eth0"
  if [[ $yes == no && -t 0 && $dry == no ]]; then
    ask "${found[@]}"
  elif [[ $yes == no && $dry == no ]]; then
    die 2 interface "there is no terminal to ask on" "say --interface ${found[0]}, or --yes"
  elif is_wireless "${found[0]}"; then
    die 1 "${found[0]}" "is wireless, and would have to carry all multicast of the LAN" \
      "say --interface ${found[0]} if it shall"
  else
    interfaces=${found[0]}
  fi
}

# ---- the configuration

check() { as_root env -i /usr/bin/querent check "$@"; }

configured() { # the interfaces that the configuration names
  { check "$CONFIG" 2>/dev/null || true; } |
    sed -nE '/^\[\[interface\]\]/,/^name/s/^name = "(.*)"$/\1/p'
}

# Other errors than that it names no interface.
check_config() {
  if [[ -x /usr/bin/querent && -e $CONFIG ]] && ! check "$CONFIG" -i lo >/dev/null; then
    die 1 "$CONFIG" "has the errors above" "mend them, then run install.sh again"
  fi
}

# Before the program is there, what looks like a name must do: nobody is asked for nothing.
has_interface() {
  [[ -e $CONFIG ]] || return 1
  if [[ -x /usr/bin/querent ]]; then
    [[ -n $(configured) ]]
  else
    grep -qE '^[[:space:]]*(\[\[ *interface *\]\]|interface *=)' "$CONFIG"
  fi
}

instances() {
  ! has_systemd || systemctl list-units --plain --no-legend 'querent@*.service' | cut -d' ' -f1
}

add_interfaces() { # to the configuration, those that it does not name
  local name file temporary blocks='' present
  present=$(configured)
  while read -r name; do
    if grep -qxF -- "$name" <<<"$present"; then continue; fi
    blocks+=$'\n[[interface]]\nname = "'$name$'"\n'
  done < <(each "$interfaces")
  if [[ -z $blocks ]]; then return; fi
  file=$(readlink -f "$CONFIG")
  [[ -f $file ]] || die 1 "$CONFIG" "is not a file" "take it away, then run install.sh again"
  temporary=$(as_root mktemp "$file.XXXXXX")
  as_root cp -p "$file" "$temporary"
  if [[ -n $(as_root tail -c 1 "$file") ]]; then blocks=$'\n'$blocks; fi
  printf '%s' "$blocks" | as_root tee -a "$temporary" >/dev/null
  if ! check "$temporary" >/dev/null; then
    as_root rm -f "$temporary"
    die 1 "$CONFIG" "it cannot take [[interface]] (above)" "name $interfaces there yourself"
  fi
  as_root mv "$temporary" "$file"
}

# ---- the package

build() { # sets deb
  say "Building the package ..."
  if ((EUID == 0)) && [[ -n ${SUDO_USER:-} && $(stat -c %U "$here") == "$SUDO_USER" ]]; then
    # What is built belongs to whom the clone belongs.
    "$here/dev" deps build package
    deb=$(sudo -H -u "$SUDO_USER" "$here/dev" package)
  else
    deb=$("$here/dev" package)
  fi
  deb=$here/${deb##*$'\n'}
}

install_package() { # FILE
  local file command=(apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold
    -o Dpkg::Options::=--force-confmiss)
  # Where apt's own user can read it.
  scratch=$(mktemp -d)
  chmod 755 "$scratch"
  file=$scratch/${1##*/}
  install -m 644 "$1" "$file"
  say "Installing ${1##*/} ..."
  # The same version may be another build.
  command+=(install --reinstall --allow-downgrades "$file")
  if ! as_root "${command[@]}" --simulate >/dev/null 2>&1; then
    as_root apt-get -q -o DPkg::Lock::Timeout=300 update
  fi
  as_root env DEBIAN_FRONTEND=noninteractive "${command[@]}" ||
    die 1 "${1##*/}" "apt could not install it (above)" "mend that, then run install.sh again"
}

# The package starts what is configured. Masked, it does not.
hold_back() {
  if has_systemd && ! systemctl is-active --quiet querent; then
    as_root systemctl mask --runtime --quiet querent.service
    masked=yes
  fi
}

# shellcheck disable=SC2317
clean_up() {
  if [[ $masked == yes ]]; then as_root systemctl unmask --runtime --quiet querent.service; fi
  if [[ -n $scratch ]]; then rm -rf "$scratch"; fi
}

# ---- running

listens_at() { # ADDRESS: the URL of the page, for somebody who reaches this address of ours
  local first
  first=$(check "$CONFIG" | awk '/^listen_address = / { on = 1 }
    on && match($0, /"[^"]*"/) { print substr($0, RSTART + 1, RLENGTH - 2); exit }')
  case $first in
    off) ;;
    :* | 0.0.0.0:*) printf 'http://%s:%s' "$1" "${first##*:}" ;;
    \[::\]:*) printf 'http://[::1]:%s' "${first##*:}" ;;
    *) printf 'http://%s' "$first" ;;
  esac
}

start_service() {
  if systemctl is-active --quiet querent; then
    as_root systemctl enable --quiet querent
    as_root systemctl reload-or-restart querent || not_well "it did not take the configuration"
  else
    as_root systemctl enable --quiet --now querent || not_well "the service did not start"
  fi
  await_health
}

has_password() { grep -q ^basic_auth_file < <(check "$CONFIG"); }

await_health() {
  local url said end=$((SECONDS + PATIENCE))
  url=$(listens_at 127.0.0.1)
  # Without HTTP, or without a password, systemd alone knows.
  if [[ -z $url ]] || { [[ -z ${QUERENT_USER:-} ]] && has_password; }; then
    systemctl is-active --quiet querent || not_well "the service does not run"
    return
  fi
  until said=$(querent health --url "$url" 2>&1); do
    ((SECONDS < end)) || not_well "not healthy within $PATIENCE s: $said"
    sleep 0.5
  done
  say "querent is $said."
}

not_well() { # WHY
  as_root journalctl --unit querent --lines 20 --no-pager --output cat >&2 || true
  die 1 querent "$1" "its log is above; also: systemctl status querent"
}

tell_how() {
  local names first url
  names=$(configured | paste -sd, | sed 's/,/, /g')
  first=$(configured | head -1)
  url=$(listens_at "$(address_of "$first" | grep . || echo 127.0.0.1)")
  say ""
  if ! has_systemd; then
    say "systemd does not run here, so nothing was started. To start it as root, for $names:"
    say "  querent run"
  elif [[ $start == no && -L $WANTED ]]; then
    say "Nothing was started. It starts at the next boot, as it did before, for $names. To start it now:"
    say "  systemctl start querent"
  elif [[ $start == no ]]; then
    say "Nothing was started. To start it, now and at each boot, for $names:"
    say "  systemctl enable --now querent"
  else
    say "querent runs on $names, now and after each boot."
  fi
  printf '\n  %-9s %s\n' status "querent status"
  if [[ -n $url ]]; then printf '  %-9s %s\n' page "$url/" metrics "$url/metrics"; fi
  if has_systemd; then printf '  %-9s %s\n' log "journalctl -u querent -f"; fi
  printf '  %-9s %s\n' settings "$CONFIG, then: querent check$(
    ! has_systemd || echo ' && systemctl reload querent')"
  warn
}

# ---- all of it

parse() {
  interfaces=${QUERENT_INTERFACE:-}
  while (($#)); do
    case $1 in
      --interface | --deb) [[ -n ${2:-} ]] || die 2 "$1" "needs a value" "see ./install.sh --help" ;;
    esac
    case $1 in
      --interface) interfaces=$2 && shift ;;
      --interface=*) interfaces=${1#*=} && [[ -n $interfaces ]] || interfaces=, ;;
      --deb) deb=$2 && shift ;;
      --deb=*)
        deb=${1#*=}
        [[ -n $deb ]] || die 2 --deb "needs a value" "see ./install.sh --help"
        ;;
      --yes | -y) yes=yes ;;
      --no-start) start=no ;;
      --dry-run) dry=yes ;;
      -h | --help)
        usage
        exit
        ;;
      *) die 2 "$1" "is no option" "see ./install.sh --help" ;;
    esac
    shift
  done
  if [[ -n $interfaces ]]; then check_names "$interfaces"; fi
  if [[ -n $deb ]]; then
    [[ -f $deb ]] || die 2 "$deb" "is not a file" "./dev package makes one"
    deb=$(realpath -- "$deb")
    [[ $(dpkg-deb -f "$deb" Package 2>/dev/null) == querent ]] ||
      die 2 "$deb" "is not the package querent" "./dev package makes one"
  fi
}

main() {
  parse "$@"
  check_distribution /etc/os-release
  if [[ $dry == no ]] && ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die 3 install.sh "packages are installed by root, and there is no sudo" "run it as root"
  fi
  local running
  running=$(instances | xargs)
  if [[ $dry == no ]]; then check_config; fi
  if [[ -z $interfaces && -z $running ]] && ! has_interface; then choose_interface; fi
  if [[ $dry == yes ]]; then
    say "would $([[ -n $deb ]] && echo "install $deb" || echo "build the package and install it")"
    [[ -z $interfaces ]] || say "would name $interfaces in $CONFIG, unless it is named there"
    [[ $start == no ]] || ! has_systemd || say "would enable and start querent.service"
    return
  fi
  trap clean_up EXIT
  if [[ -z $deb ]]; then build; fi
  if [[ $start == no ]]; then hold_back; fi
  install_package "$deb"
  check_config
  if [[ -z $interfaces && -z $running && -z $(configured) ]]; then choose_interface; fi
  if [[ -n $interfaces ]]; then add_interfaces; fi
  if [[ -n $running && -z $(configured) ]]; then
    say "querent runs already, without $CONFIG: $running"
    return
  fi
  if [[ $start == yes ]] && has_systemd; then start_service; fi
  tell_how
}

# Sourced, it only defines its functions.
if [[ ${BASH_SOURCE[0]} == "$0" ]]; then main "$@"; fi
