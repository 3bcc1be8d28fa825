# For the tests in containers, to be sourced after report.sh: what is on the disk.
# shellcheck shell=bash

readonly TOML=/etc/querent/querent.toml
export DEBIAN_FRONTEND=noninteractive

# Every file, except what is not on the disk, and what apt and dpkg remember.
everything() {
  local path not=()
  for path in /proc /sys /dev /run /tmp /test /var/{cache,log,tmp} /var/lib/{apt,dpkg}; do
    not+=(-path "$path" -o)
  done
  find / \( "${not[@]}" -false \) -prune -o -print | sort
}

nothing_left() { # FILE: what was there before
  not dpkg-query -s querent 2>/dev/null
  everything >/tmp/after
  diff "$1" /tmp/after
  not compgen -G '/var/lib/dpkg/info/querent.*'
  not compgen -G '/run/querent*'
}

apt_get() { # ARGUMENT...: without a question, and with what is needed alone
  apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef \
    -o Dpkg::Options::=--force-confold "$@"
}

name_interface() { # NAME: as a user writes it
  printf '\n# mine\n[[interface]]\nname = "%s"\n' "$1" >>"$TOML"
}

# Starts at boot, as systemd itself sees it.
enabled() { [[ -L /etc/systemd/system/multi-user.target.wants/$1.service ]]; }
