# What runs tests and counts them, for `./dev test` to source: suites, stages, and what runs beside.
# shellcheck shell=bash disable=SC2034

# ---- testing: everything adds to these, and the last line says them

passed=0
failed=0
skipped=0
failures=()

fail() { # WHAT
  failed=$((failed + 1))
  failures+=("$1")
}

heading() { printf '\n=== %s\n' "$*"; }

stage() { # NAME COMMAND...
  local name=$1 start=$SECONDS
  shift
  heading "$name"
  if "$@"; then passed=$((passed + 1)); else fail "$name"; fi
  printf '=== %s: %d s\n' "$name" $((SECONDS - start))
}

junit_count() { # FILE ATTRIBUTE
  grep -o -m1 "\b$2=\"[0-9]*\"" "$1" | head -1 | tr -dc 0-9
}

# Adds what ctest wrote to the totals. A test that did not run is a failure in CI.
tally() { # PRESET FILE STATUS
  local preset=$1 file=$2 status=$3 tests bad idle name
  if [[ ! -s $file ]]; then
    fail "$preset: ctest broke off"
    return
  fi
  tests=$(junit_count "$file" tests)
  bad=$(junit_count "$file" failures)
  idle=$(($(junit_count "$file" skipped) + $(junit_count "$file" disabled)))
  while read -r name; do failures+=("$preset: $name"); done < <(
    sed -n 's/.*<testcase name="\([^"]*\)".*status="fail".*/\1/p' "$file"
  )
  if ((idle > 0)); then
    sed -n 's/.*<testcase name="\([^"]*\)".*status="\(notrun\|disabled\)".*/did not run: \1/p' "$file"
    skipped=$((skipped + idle))
  fi
  passed=$((passed + tests - bad - idle))
  failed=$((failed + bad))
  if ((status != 0 && bad == 0)); then fail "$preset: ctest failed with $status"; fi
}

# Tests that failed first and then passed: not a failure, but not to be hidden either.
tell_second_tries() { # LOG
  local name
  while read -r name; do
    [[ " ${failures[*]} " == *": $name "* ]] || printf 'needed a second try: %s\n' "$name"
  done < <(sed -nE 's/.* Test +#[0-9]+: ([^ ]+) .*\*\*\*(Failed|Timeout|Exception).*/\1/p' "$1" | sort -u)
}

suite() { # PRESET [CTEST ARGUMENT...]; of `targets` alone, where there are any
  local preset=$1 start=$SECONDS status=0 junit=build/$1/junit.xml
  shift
  heading "$preset"
  if ! build "$preset" ${targets:+"${targets[@]}"}; then
    fail "$preset: build"
    return
  fi
  printf '=== %s: built in %d s\n' "$preset" $((SECONDS - start))
  rm -f "$junit"
  # Three times as many as cores: those on the real kernel mostly wait. A second try, because a machine
  # that stalls for a second makes a switch forget; what is wrong fails twice.
  steadily_as_root "$preset" ctest --test-dir "build/$preset" -j $((3 * JOBS)) --output-on-failure \
    --repeat until-pass:2 --output-junit "$PWD/$junit" "$@" | tee "build/$preset/ctest.log" ||
    status=$?
  tally "$preset" "$junit" "$status"
  tell_second_tries "build/$preset/ctest.log"
  printf '=== %s: %d s\n' "$preset" $((SECONDS - start))
}

check_coverage() {
  local data=build/coverage/coverage.json folder status=0
  gcovr --root . --object-directory build/coverage --filter src/wire/ --filter src/core/ \
    --json "$data" build/coverage -j "$JOBS" || return 1
  for folder in wire core; do
    printf '\nLine coverage of src/%s\n' "$folder"
    gcovr --root . -a "$data" --filter "src/$folder/" --fail-under-line "$COVERAGE_MINIMUM" ||
      status=1
  done
  return "$status"
}

# ---- what only computes runs beside what mostly waits, and only while nobody else wants to compute

beside=

# Starts it, out of the way; what it says and counts comes with rejoin.
# shellcheck disable=SC2030
run_beside() { # COMMAND...
  mkdir -p build
  rm -f build/beside.result
  # A process group of its own: what it has started ends with it.
  set -m
  (
    set +m
    chrt --idle --pid 0 "$BASHPID"
    passed=0 failed=0 skipped=0 failures=()
    "$@"
    declare -p passed failed skipped failures |
      sed 's/^declare -[-a]* /beside_/' >build/beside.result
  ) </dev/null >build/beside.log 2>&1 &
  beside=$!
  set +m
  trap end_beside EXIT
  trap 'exit 130' INT TERM HUP
}

# shellcheck disable=SC2317
end_beside() { [[ -z $beside ]] || kill -- "-$beside" 2>/dev/null || true; }

# shellcheck disable=SC2031
rejoin() {
  local beside_passed=0 beside_failed=1 beside_skipped=0
  local beside_failures=("what ran beside broke off")
  heading "what ran beside"
  wait "$beside" || true
  beside=
  cat build/beside.log
  # shellcheck source=/dev/null
  [[ ! -f build/beside.result ]] || source build/beside.result
  passed=$((passed + beside_passed))
  failed=$((failed + beside_failed))
  skipped=$((skipped + beside_skipped))
  failures+=("${beside_failures[@]}")
}

coverage() {
  local rootless=yes targets=(unit_tests sim_tests querent-sim)
  find build/coverage -name '*.gcda' -delete 2>/dev/null || true
  suite coverage -L 'unit|sim'
  stage "coverage of at least $COVERAGE_MINIMUM %" check_coverage
}

# What is released, on the real kernel. The tests without one say the same here: they run with
# sanitizers, and again where lines are counted.
released() {
  local targets=(querent net_all)
  suite release -L net
}

# Where there are threads that share what they work on.
races() {
  local rootless=yes targets=(sim_tests)
  suite tsan -R '^ABatch\.'
}

# What waits for others in real time: on a machine that stalls it may fail once. What is wrong fails twice.
twice() { # COMMAND...
  "$@" && return
  printf 'needed a second try: %s\n' "$*"
  "$@"
}

# What looks at a running querent from outside, and what is said to Prometheus and Grafana.
onlookers() { # PRESET
  stage "rules, dashboard and their documents" tests/observability/check
  stage "Prometheus scrapes querent" \
    twice steadily_as_root "$1" tests/observability/scrape "build/$1/bin/querent"
  stage "what HTTP answers, by its schema" twice steadily_as_root "$1" \
    env QUERENT_PROGRAM="build/$1/bin/querent" timeout 300 tests/api/run
  stage "the status page in a browser" tests/web/run
}

long_onlookers() {
  stage "every expression gives data" twice tests/observability/live
  stage "the dashboard by Grafana's types" tests/observability/grafana-schema/run
}

# Each computes in one thread.
both_fuzzers() {
  local target pid status=0 started=()
  build fuzz fuzz_decode fuzz_segment || return 1
  for target in decode segment; do
    (fuzz "$target" "$FUZZ_SECONDS") &
    started+=($!)
  done
  for pid in "${started[@]}"; do wait "$pid" || status=1; done
  return "$status"
}

computes() {
  stage lint ./dev lint include src sim bench
  races
  stage "planted bugs" tests/sim/planted/run
}

everything() {
  local profile
  # Whether that can be built is what the suites say.
  build dev || true
  build release querent net_all querent-sim querent-bench || true
  run_beside computes
  suite dev -E "$LONG"
  released
  onlookers release
  long_onlookers
  rejoin
  for profile in storm settled stream; do
    stage "$SEEDS seeds, $profile" ./dev sim --profile "$profile" --seeds 1 "$SEEDS"
  done
  stage "fuzz decode and segment" both_fuzzers
  stage bench ./dev bench --benchmark_min_time=0.01
  stage packages tests/packaging/run
}

# Tests of tests, and campaigns.
nightly() {
  local FUZZ_SECONDS=600
  build release querent || true
  coverage
  stage "lint of the tests" ./dev lint tests
  stage "faults of rules and dashboard are seen" tests/observability/catches
  stage "faults of the chart are seen" tests/packaging/helm-catches
  stage "faults of the documents are seen" tests/packaging/docs-catches
  stage "tests for arm64" tests/packaging/arm64
  stage "fuzz decode and segment" both_fuzzers
}

verdict() {
  local name
  ((${#failures[@]} == 0)) || printf '\n'
  for name in "${failures[@]}"; do printf 'FAILED %s\n' "$name"; done
  if ((skipped > 0)); then
    printf '%d did not run\n' "$skipped"
    if [[ ${CI:-} == true ]]; then failed=$((failed + skipped)); fi
  fi
  if ((passed + failed == 0)); then
    say "no test matches"
    failed=1
  fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}

