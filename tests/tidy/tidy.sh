#!/usr/bin/env bash
# The house rules that no compiler checks: tidy.sh [ROOT]. Each violation is one line,
# FILE:LINE: RULE: what is wrong, and the exit status is 1. catches.sh shows that each rule bites.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${1:-$here/../..}"

readonly FOLDERS=(include src sim tests bench cmake scripts .ci)

# Every file of ours, except data.
present=()
for folder in "${FOLDERS[@]}"; do [[ ! -d $folder ]] || present+=("$folder"); done
mapfile -t files < <(
  find "${present[@]}" -type f ! -path 'tests/fuzz/corpus/*' ! -path '*/golden/*' | sort
)
for file in dev CMakeLists.txt; do [[ ! -f $file ]] || files+=("$file"); done
mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep -E '\.(cpp|hpp)$' || true)

check_length() {
  local file lines
  for file in "${files[@]}"; do
    lines=$(wc -l <"$file")
    ((lines <= 600)) || echo "$file:$lines: length: $lines lines, at most 600"
  done
}

# Sources are .cpp and .hpp: the other rules would not see them under another name.
check_extension() {
  printf '%s\n' "${files[@]}" |
    sed -nE 's/.*\.(c|cc|cxx|c\+\+|h|hh|hxx|h\+\+|ipp|inc)$/&:1: extension: call it .cpp or .hpp/p'
}

# The nearest CMakeLists.txt above a source names it.
check_listed() {
  local file folder name
  for file in "${sources[@]}"; do
    folder=${file%/*}
    while [[ $folder == */* && ! -f $folder/CMakeLists.txt ]]; do folder=${folder%/*}; done
    name=${file#"$folder"/}
    grep -qE "(^|[[:space:](])${name//./\\.}([[:space:])]|$)" \
      < <(sed 's/#.*//' "$folder/CMakeLists.txt" 2>/dev/null) ||
      echo "$file:1: listed: $folder/CMakeLists.txt does not name it"
  done
}

# Addresses that would be the project's are set by who builds it (HACKING.md). All text is read.
check_addresses() {
  grep -rInoE --exclude-dir={.git,.cache,build,node_modules} \
    '(github|gitlab)\.com/querent|ghcr\.io/|[n]oreply' . |
    sed -E 's/^\.\/([^:]*:[0-9]+):(.*)/\1: address: \2 is not an address of the project/' || true
}

# What can be seen line by line.
check_lines() {
  ((${#sources[@]} == 0)) || awk -f "$here/rules.awk" "${sources[@]}"
}

check_format() {
  local said
  ((${#sources[@]})) || return 0
  if ! command -v clang-format >/dev/null; then
    [[ ${CI:-} != true ]] || echo "dev:1: format: clang-format is missing"
  elif ! said=$(clang-format --dry-run -Werror "${sources[@]}" 2>&1); then
    sed -nE 's/^([^ :]+:[0-9]+):[0-9]+: error: (.*)/\1: format: \2; run .\/dev fmt/p' <<<"$said" |
      sort -u -t: -k1,2
  fi
}

violations=$(check_length && check_extension && check_listed && check_addresses && check_lines &&
  check_format)
if [[ -n $violations ]]; then
  printf '%s\n' "$violations"
  exit 1
fi
if ! command -v clang-format >/dev/null; then
  echo "SKIPPED: clang-format is missing, so the format of nothing was checked"
  exit 77
fi
