# A Docker engine on a LAN of namespaces, for tests to source: the host network of its containers is
# that of q. Sets up nothing by itself. As root; needs docker with dockerd, iproute2 and jq.
#
#   the engine (q, 10.9.0.1) --- br0 (w), snoops and has no querier --- sender (s), receiver (r), p
# shellcheck shell=bash

scratch=$(mktemp -d)
net=qi$$
inside=unix://$scratch/docker.sock
engine=
querent=$(realpath "${1:-build/release/bin/querent}")
# shellcheck source=tests/packaging/deb/report.sh
source "$(dirname "${BASH_SOURCE[0]}")/deb/report.sh"

# shellcheck disable=SC2317
clean_up() {
  local host
  if [[ -n $engine ]]; then
    docker -H "$inside" ps -aq 2>/dev/null | xargs -r docker -H "$inside" rm -f >/dev/null 2>&1 || true
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
    umount "$scratch"/exec/netns/* 2>/dev/null || true
  fi
  for host in q s r p w; do ip netns del "$net$host" 2>/dev/null || true; done
  rm -rf "$scratch"
}

on() { # HOST COMMAND...
  local host=$1
  shift
  ip netns exec "$net$host" "$@"
}
d() { docker -H "$inside" "$@"; }
until_true() { # SECONDS COMMAND...
  local until=$((SECONDS + $1))
  shift
  while ((SECONDS < until)); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  return 1
}

need_docker() { # [SUITE]: of Debian, where the engine cannot pull it; bookworm is there anyway
  if ! docker info >/dev/null 2>&1 && command -v docker-engine >/dev/null; then
    eval "$(docker-engine start)"
  fi
  if (($#)) && command -v docker-engine >/dev/null; then docker-engine base "$1"; fi
  if docker info >/dev/null 2>&1 && command -v dockerd >/dev/null; then return; fi
  if [[ ${CI:-} == true ]]; then
    printf 'FAILED docker is missing or does not answer\n0 passed, 1 failed\n'
    exit 1
  fi
  printf 'SKIPPED: docker is missing or does not answer: NOTHING WAS TESTED\n0 passed, 0 failed\n'
  exit 0
}

# docker build of the repository, under that name.
build_image() { # IMAGE
  docker build -q --network host --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" -t "$1" . \
    >"$scratch/build.log" 2>&1 && return
  tail -40 "$scratch/build.log"
  miss "docker build"
  return 1
}

make_network() {
  local host number=1
  ip netns add "${net}w"
  on w ip link add br0 type bridge mcast_snooping 1 mcast_querier 0 mcast_membership_interval 400 \
    mcast_querier_interval 360000
  on w ip link set br0 up
  for host in q s r p; do
    ip netns add "$net$host"
    ip -n "${net}w" link add "$host" type veth peer name eth0 netns "$net$host"
    on w ip link set "$host" master br0 up
    on "$host" ip link set lo up
    on "$host" ip address add "10.9.0.$number/24" dev eth0
    on "$host" ip link set eth0 up
    on "$host" ip route add 224.0.0.0/4 dev eth0
    number=$((number + 1))
  done
}

# From then on the switch drops what nobody asked for.
prime() {
  on p "$querent" inject -i eth0 -t v2_query --source 0.0.0.0 >/dev/null
}

# An engine whose host network is that of q, with these images.
start_engine() { # IMAGE...
  # Not by ip: it would hide the cgroups.
  nsenter --net="/run/netns/${net}q" dockerd --bridge=none --iptables=false -H "$inside" --data-root "$scratch/data" \
    --exec-root "$scratch/exec" -p "$scratch/pid" >"$scratch/engine.log" 2>&1 &
  engine=$!
  until_true 30 d info || {
    tail -5 "$scratch/engine.log"
    miss "an engine in a namespace"
    return 1
  }
  docker save "$@" | d load -q >/dev/null
}

asks() { on q "$querent" status --json | jq -e '.interfaces[0].segments[0].state == "querier"'; }
