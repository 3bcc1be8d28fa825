# What runs tests and counts them, for `./dev test` to source: suites, stages, and what runs beside.
# shellcheck shell=bash disable=SC2034

# ---- testing: everything adds to these, and the last line says them

passed=0
failed=0
skipped=0
failures=()
timings=()  # a line each

fail() { # WHAT
  failed=$((failed + 1))
  failures+=("$1")
}

heading() { printf '\n=== %s\n' "$*"; }

# Sets REPLY to the processor seconds of the processes that have ended; a subshell would have none.
processor_seconds() {
  local stat
  read -r -a stat </proc/self/stat
  REPLY=$(((stat[15] + stat[16]) / 100))
}

# Runs a command under a heading, and notes how long it took.
timed() { # NAME COMMAND...
  local name=$1 start=$SECONDS before status=0
  shift
  processor_seconds
  before=$REPLY
  heading "$name"
  "$@" || status=$?
  processor_seconds
  printf '=== %s: %d s\n' "$name" $((SECONDS - start))
  timings+=("$(printf '%6d %10d  %s' $((SECONDS - start)) $((REPLY - before)) "$name")")
  return "$status"
}

# One test.
stage() { # NAME COMMAND...
  if timed "$@"; then passed=$((passed + 1)); else fail "$1"; fi
}

# A build that fails is a failure; the tests say what they miss.
built() { # PRESET [TARGET...]
  timed "build $1" build "$@" || fail "$1: build"
}

junit_count() { # FILE ATTRIBUTE
  grep -o -m1 "\b$2=\"[0-9]*\"" "$1" | head -1 | tr -dc 0-9
}

# Adds to the totals. A test that did not run is a failure in CI.
count() { # WHERE TESTS FAILED IDLE FAILED_NAME...
  local name
  passed=$((passed + $2 - $3 - $4))
  failed=$((failed + $3))
  skipped=$((skipped + $4))
  for name in "${@:5}"; do failures+=("$1: $name"); done
}

# Adds what ctest wrote.
tally() { # NAME FILE STATUS
  local preset=$1 file=$2 status=$3 tests bad idle names
  if [[ ! -s $file ]]; then
    fail "$preset: ctest broke off"
    return
  fi
  tests=$(junit_count "$file" tests)
  bad=$(junit_count "$file" failures)
  idle=$(($(junit_count "$file" skipped) + $(junit_count "$file" disabled)))
  mapfile -t names < <(sed -n 's/.*<testcase name="\([^"]*\)".*status="fail".*/\1/p' "$file")
  sed -n 's/.*<testcase name="\([^"]*\)".*status="\(notrun\|disabled\)".*/did not run: \1/p' "$file"
  count "$preset" "$tests" "$bad" "$idle" "${names[@]}"
  if ((status != 0 && bad == 0)); then fail "$preset: ctest failed with $status"; fi
}

# Tests that failed first and then passed: not a failure, but not to be hidden either.
tell_second_tries() { # LOG
  local name
  while read -r name; do
    [[ " ${failures[*]} " == *": $name "* ]] || printf 'needed a second try: %s\n' "$name"
  done < <(sed -nE 's/.* Test +#[0-9]+: ([^ ]+) .*\*\*\*(Failed|Timeout|Exception).*/\1/p' "$1" | sort -u)
}

run_ctest() { # NAME PRESET [CTEST ARGUMENT...]
  local name=$1 preset=$2 status=0 report=build/$2/${1//[^a-z]/-}
  shift 2
  rm -f "$report.xml"
  # Three times as many as cores: those on the real kernel mostly wait. A second try, because a machine
  # that stalls for a second makes a switch forget; what is wrong fails twice.
  steadily_as_root "$preset" ctest --test-dir "build/$preset" -j $((3 * JOBS)) --output-on-failure \
    --repeat until-pass:2 --output-junit "$PWD/$report.xml" "$@" | tee "$report.log" || status=$?
  tally "$name" "$report.xml" "$status"
  tell_second_tries "$report.log"
}

# Built tests, each case in a process of its own.
suite() { # NAME PRESET [CTEST ARGUMENT...]
  timed "$1" run_ctest "$@"
}

# Prints of GoogleTest's report: the numbers of cases, failed cases and cases that did not run; then the
# names of the failed.
read_report() { # FILE
  awk '
    function value(name) {
      if (!match($0, " " name "=\"[^\"]*\"")) return ""
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    }
    /<testcase / {
      cases++
      id = value("classname") "." value("name")
      if (value("result") != "completed") idle++
    }
    /<failure / && !seen[id]++ { bad++; names = names id "\n" }
    END { printf "%d %d %d\n%s", cases, bad, idle, names }' "$1"
}

# A test program in as many processes as there are cores: for most cases, the start of a process with
# sanitizers takes longer than the case.
run_whole() { # PRESET PROGRAM
  local program=$2 report=build/$1/whole/$2 part status parts=() said cases bad idle total=0
  for ((part = 0; part < JOBS; part++)); do
    rm -f "$report.$part.xml"
    GTEST_TOTAL_SHARDS=$JOBS GTEST_SHARD_INDEX=$part steady timeout 900 "build/$1/bin/$program" \
      --gtest_brief=1 --gtest_output="xml:$report.$part.xml" >"$report.$part.log" 2>&1 &
    parts+=($!)
  done
  for ((part = 0; part < JOBS; part++)); do
    status=0
    wait "${parts[part]}" || status=$?
    ((status == 0)) || cat "$report.$part.log"
    if [[ ! -s $report.$part.xml ]]; then
      fail "$1: $program broke off with $status"
      continue
    fi
    mapfile -t said < <(read_report "$report.$part.xml")
    read -r cases bad idle <<<"${said[0]}"
    count "$1" "$cases" "$bad" "$idle" "${said[@]:1}"
    total=$((total + cases))
    if ((status != 0 && bad == 0)); then fail "$1: $program ended with $status"; fi
  done
  ((total > 0))
}

run_all_whole() { # PRESET
  local program
  mkdir -p "build/$1/whole"
  while read -r program; do
    run_whole "$1" "$program" || fail "$1: $program has no tests"
  done <"build/$1/pure_tests"
}

# The unit and simulation tests; they need no kernel and no second try.
pure() { # PRESET
  timed "$1: unit and simulation tests" run_all_whole "$1" || fail "$1: unit and simulation tests"
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
    passed=0 failed=0 skipped=0 failures=() timings=()
    "$@" || true
    declare -p passed failed skipped failures timings |
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
  local beside_passed=0 beside_failed=1 beside_skipped=0 beside_timings=()
  local beside_failures=("what ran beside broke off")
  timed "waiting for what ran beside" wait "$beside" || true
  beside=
  cat build/beside.log
  # shellcheck source=/dev/null
  [[ ! -f build/beside.result ]] || source build/beside.result
  passed=$((passed + beside_passed))
  failed=$((failed + beside_failed))
  skipped=$((skipped + beside_skipped))
  failures+=("${beside_failures[@]}")
  timings+=("${beside_timings[@]}")
}

coverage() {
  find build/coverage -name '*.gcda' -delete 2>/dev/null || true
  built coverage unit_tests sim_tests querent-sim
  timed "coverage: unit and simulation tests" whole_coverage
  rootless=yes suite "coverage: simulator" coverage -L '^simulator$' || true
  stage "coverage of at least $COVERAGE_MINIMUM %" check_coverage
}
whole_coverage() {
  mkdir -p build/coverage/whole
  run_whole coverage unit_tests
  run_whole coverage sim_tests
}

# The released program, started by the tests of the preset dev: no second build of the tests.
released() { # [CTEST ARGUMENT...]
  PROGRAM_UNDER_TEST=$PWD/build/release/bin/querent suite release dev -L '^net$' "$@" || true
}

# Where there are threads that share what they work on.
races() {
  built tsan sim_tests
  rootless=yes suite tsan tsan -R '^ABatch\.' || true
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

# Stages that use processors only.
computes() {
  local profile
  pure dev
  stage lint ./dev lint --changed include src sim bench
  for profile in storm settled stream; do
    stage "$SEEDS seeds, $profile" build/release/bin/querent-sim --profile "$profile" --seeds 1 "$SEEDS"
  done
  stage "planted bugs" tests/sim/planted/run
  races
  stage "fuzz decode and segment" both_fuzzers
}

# Short tests: those on the real kernel wait while the others are compiled and run.
short() {
  built dev querent net_short
  run_beside built_and_pure
  # In their folder: elsewhere ctest would list the cases of programs that are just being linked.
  suite "dev: the real kernel" dev/tests/net -L net -E "$LONG" || true
  rejoin
  suite "dev: simulator, corpus, tidiness" dev -L 'simulator|fuzz-corpus|tidy' || true
}
built_and_pure() {
  # It is configured already, and ctest is reading what that has written.
  timed "build dev: the rest" cmake --build build/dev -j "$JOBS" --target short >&2 ||
    fail "dev: build of the rest"
  pure dev
}

everything() {
  built release querent querent-sim querent-bench net_load_tests
  built dev
  run_beside computes
  suite dev dev -LE '^(unit|sim)$' -E "$LONG" || true
  released -E "$SOAK"
  onlookers release
  long_onlookers
  stage packages tests/packaging/run
  rejoin
  stage bench ./dev bench --benchmark_min_time=0.01
}

# Tests of tests, and campaigns.
nightly() {
  local FUZZ_SECONDS=600
  built release querent net_all
  run_beside computes_nightly
  suite release release -L net || true
  stage "faults of rules and dashboard are seen" tests/observability/catches
  stage "the chart" tests/packaging/helm
  stage "faults of the chart are seen" tests/packaging/helm-catches
  stage "faults of the documents are seen" tests/packaging/docs-catches
  stage "tests for arm64" tests/packaging/arm64
  stage "./dev run in bare containers" tests/packaging/bare
  rejoin
  stage "fuzz decode and segment" both_fuzzers
}

computes_nightly() {
  coverage
  stage "lint of everything" lint_everything
}

# Records the commit for `lint --changed`.
lint_everything() {
  ./dev lint || return 1
  git diff --quiet HEAD || return 0
  git rev-parse HEAD >.ci/linted
}

verdict() {
  local name
  printf '\nseconds  processors\n'
  printf '%s\n' "${timings[@]}" ''
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

