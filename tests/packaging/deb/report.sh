# For the tests of packaging, to be sourced: counts what passes and what fails, and says it.
# shellcheck shell=bash

passed=0
failed=0

pass() { passed=$((passed + 1)); }
miss() { # WORDS...
  failed=$((failed + 1))
  printf 'FAILED %s\n' "$*"
}
# pass_if WHAT COMMAND...: in this shell, and what it says is said.
pass_if() {
  local what=$1
  shift
  if "$@"; then pass; else miss "$what"; fi
}

# verify WHAT COMMAND...: passes if the command, often a function, succeeds; a function fails at its
# first command that does. What it said is shown if it fails.
verify() {
  local what=$1 said status
  shift
  set +e
  said=$(
    set -e
    "$@" 2>&1
  )
  status=$?
  set -e
  if ((status == 0)); then
    pass
  else
    miss "$what"
    [[ -z $said ]] || tail -n 25 <<<"$said" | sed 's/^/  /'
  fi
}

# says TEXT COMMAND...: the command succeeds, and prints the text somewhere.
says() {
  local text=$1 said
  shift
  said=$("$@" 2>&1) || {
    printf '%s\n' "$said" "exit code $?"
    return 1
  }
  contains "$text" "$said"
}

# refuses CODE TEXT COMMAND...: the command ends with this code, and prints the text somewhere.
refuses() {
  local code=$1 text=$2 said status=0
  shift 2
  said=$("$@" 2>&1) || status=$?
  if ((status != code)); then
    printf '%s\nexit code %d instead of %d\n' "$said" "$status" "$code"
    return 1
  fi
  contains "$text" "$said"
}

# not COMMAND...: it fails. (`! command` in the middle of a function would not end it.)
not() {
  if "$@"; then
    printf 'should fail, but does not: %s\n' "$*"
    return 1
  fi
}

contains() { # TEXT SAID
  [[ $2 == *"$1"* ]] || {
    printf 'not said: %s\nbut: %s\n' "$1" "$2"
    return 1
  }
}

# verdict: the last line, and the exit code.
verdict() {
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0 && passed > 0))
}
