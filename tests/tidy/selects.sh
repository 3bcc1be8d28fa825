#!/usr/bin/env bash
# Which sources ./dev lint has to see again, in a scratch tree: of each change, its dependants and no others.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=$scratch/cache
# shellcheck source=scripts/lint.sh
source "$here/../../scripts/lint.sh"
mkdir "$scratch/tree"
cd "$scratch/tree"
wrong=0
version=1
lint_rules() { echo "$version"; }
repository() { git -c user.name=test -c user.email=test@example.invalid -c commit.gpgsign=false "$@"; }

# selects WHAT WHICH FILE...: just these, in order.
selects() {
  local what=$1 which=$2 said
  shift 2
  said=$(lint_select "$which" src tests | cut -d ' ' -f 2 | xargs)
  [[ $said == "$*" ]] && return
  printf '%s: selected %s; wanted %s\n' "$what" "${said:-nothing}" "${*:-nothing}"
  wrong=1
}

# What was selected is found good.
approve() {
  local key file
  mkdir -p "$LINT_STAMPS"
  while read -r key file; do touch "$LINT_STAMPS/$key"; done < <(lint_select new src tests)
}

compile_commands() { # FLAGS OF a.cpp
  mkdir -p build/lint
  {
    printf '  "command": "clang++ %s -c %s/src/base/a.cpp",\n  "file": "%s/src/base/a.cpp",\n' "$1" "$PWD" "$PWD"
    printf '  "command": "clang++ -c %s/src/b.cpp",\n  "file": "%s/src/b.cpp",\n' "$PWD" "$PWD"
    printf '  "command": "clang++ -c x.cpp",\n  "file": "%s/tests/unit/deep/c.cpp"\n' "$PWD"
  } >build/lint/compile_commands.json
}

mkdir -p include/querent src/base tests/unit/deep .ci
echo '#include "base/far.hpp"' >include/querent/near.hpp
echo '#include <vector>' >src/base/far.hpp
echo '#include "far.hpp"' >src/base/a.cpp
echo '#include "querent/near.hpp"' >src/b.cpp
echo '#include "../kit.hpp"' >tests/unit/deep/c.cpp
echo 'struct Kit;' >tests/unit/kit.hpp
compile_commands -O0

selects "nothing was seen" new src/b.cpp src/base/a.cpp tests/unit/deep/c.cpp
approve
selects "nothing has changed" new
selects "all are wanted" all src/b.cpp src/base/a.cpp tests/unit/deep/c.cpp
echo '// new' >>src/base/far.hpp
selects "a header, also by another" new src/b.cpp src/base/a.cpp
approve
echo '// new' >>tests/unit/kit.hpp
selects "a header above" new tests/unit/deep/c.cpp
approve
compile_commands -O1
selects "a flag" new src/base/a.cpp
approve
version=2
selects "a rule" new src/b.cpp src/base/a.cpp tests/unit/deep/c.cpp
selects "no commit is known" changed src/b.cpp src/base/a.cpp tests/unit/deep/c.cpp

repository init -q
echo /build/ >.gitignore
repository add .
repository commit -qm here
repository rev-parse HEAD >.ci/linted
selects "nothing since that commit" changed
echo '// newer' >>include/querent/near.hpp
selects "a header since that commit" changed src/b.cpp
echo '#include "base/far.hpp"' >src/base/d.hpp
echo '#include "d.hpp"' >src/base/a.cpp
selects "what is not committed" changed src/b.cpp src/base/a.cpp
echo 'Checks: -*' >.clang-tidy
selects "other rules since that commit" changed src/b.cpp src/base/a.cpp tests/unit/deep/c.cpp

((wrong == 0)) || exit 1
echo "each change selects its dependants"
