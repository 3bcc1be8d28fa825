#!/usr/bin/env bash
# Plants each violation in a scratch tree, one at a time, and sees that tidy.sh names it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
wrong=0

fresh_tree() {
  local folder
  rm -rf "${scratch:?}"/*
  cp "$here/../../.clang-format" "$scratch"
  for folder in src/{base,wire,core,os,net,config,log,observe,web,client,probe,app,lab,cli} sim include; do
    mkdir -p "$scratch/$folder"
    printf 'querent_library(%s\n  SOURCES\n    a.hpp)\n' "${folder#src/}" \
      >"$scratch/$folder/CMakeLists.txt"
    printf '#pragma once\n' >"$scratch/$folder/a.hpp"
  done
}

# expect WHERE RULE: tidy.sh fails, and its one complaint is that rule at that place.
expect() {
  local where=$1 rule=$2 said status=0
  said=$("$here/tidy.sh" "$scratch") || status=$?
  if ((status != 1)) || [[ $said != "$where: $rule: "* ]] || [[ $said == *$'\n'* ]]; then
    printf 'NOT CAUGHT: %s at %s; status %d, said: %s\n' "$rule" "$where" "$status" "$said"
    wrong=1
  fi
}

# catches FILE RULE LINE...: the lines, appended to the file, break the rule in the last one.
catches() {
  local file=$1 rule=$2
  shift 2
  fresh_tree
  printf '%s\n' "$@" >>"$scratch/$file"
  expect "$file:$(wc -l <"$scratch/$file")" "$rule"
}

# allows FILE LINE...: nothing is wrong with these.
allows() {
  local file=$1 said status=0
  shift
  fresh_tree
  printf '%s\n' "$@" >>"$scratch/$file"
  said=$("$here/tidy.sh" "$scratch") || status=$?
  if ((status == 1)); then
    printf 'WRONGLY CAUGHT in %s: %s\n' "$file" "$said"
    wrong=1
  fi
}

# The simulator and the public headers are beside src/.
house() { case $1 in sim | include) echo "$1" ;; *) echo "src/$1" ;; esac; }
includes() { catches "$(house "$1")/a.hpp" folder "#include \"$2\""; }
may_include() { allows "$(house "$1")/a.hpp" "#include \"$2\""; }

includes base core/a.hpp
includes wire core/a.hpp
includes core wire/a.hpp
includes core sim/a.hpp
includes core observe/a.hpp
includes core a.hpp
includes include base/a.hpp
includes sim net/a.hpp
includes os net/a.hpp
includes net core/a.hpp
includes config observe/a.hpp
includes log observe/a.hpp
includes observe wire/a.hpp
includes observe app/a.hpp
includes cli sim/a.hpp
includes app cli/a.hpp
includes app probe/a.hpp
includes probe app/a.hpp
includes client cli/a.hpp
includes web observe/a.hpp
includes lab core/a.hpp
may_include wire base/a.hpp
may_include core querent/message.hpp
may_include observe querent/message.hpp
may_include sim wire/a.hpp
may_include net os/a.hpp
may_include app net/a.hpp
may_include cli lab/a.hpp

catches src/core/a.hpp system '#include <sys/socket.h>'
catches src/app/a.hpp system '#include <unistd.h>'
catches sim/a.hpp system '#include <poll.h>'
allows src/os/a.hpp '#include <sys/socket.h>'
allows src/core/a.hpp '#include <vector>'

catches src/core/a.hpp clock 'inline auto a = std::chrono::steady_clock::now();'
catches src/core/a.hpp clock 'inline auto a = std::chrono::system_clock::now();'
catches src/core/a.hpp clock 'inline int a = clock_gettime(0, nullptr);'
catches src/core/a.hpp random 'inline std::random_device a;'
catches src/core/a.hpp random 'inline int a = rand();'
allows src/net/a.hpp 'inline auto a = std::chrono::steady_clock::now();'
allows src/core/a.hpp '// No steady_clock here, and no rand().' 'inline int operand();'

catches src/base/a.hpp reinterpret_cast 'inline auto a = reinterpret_cast<int*>(0);'
catches src/base/a.hpp conditional '#ifdef A'
catches src/base/a.hpp conditional '#ifndef A'
catches src/base/a.hpp conditional '#if A'
catches src/base/a.hpp views 'inline auto a = std::views::all;'
catches src/base/a.hpp 'format header' '#include <format>'
catches src/base/a.hpp throw 'inline int a = throw 1;'
catches src/base/a.hpp new 'inline int* a = new int;'
catches src/base/a.hpp delete 'inline int a = (delete b, 1);'
catches src/base/a.hpp variant 'inline int a = std::get<int>(b);'
catches src/base/a.hpp variant 'inline auto a = std::get_if<int>(&b);'
catches sim/a.hpp variant 'inline bool a = std::holds_alternative<int>(b);'
allows src/base/a.hpp 'inline int a = std::get<0>(b);' 'inline auto c = frame.get<Query>();'
catches src/base/a.hpp unfinished '// TODO'
catches src/base/a.hpp unfinished '// FIXME'
catches src/base/a.hpp unfinished '// XXX'
allows src/base/a.hpp \
  '/* a new packet, which we throw' 'away, delete' '*/' \
  '// a new one' 'inline auto a = "new, delete, throw 1";' \
  'struct B {' '  B(const B&) = delete;' '};' 'inline int renew(int news);'

catches src/base/a.hpp columns "// $(printf '%0100d' 0)"
allows src/base/a.hpp "// $(printf '%.0sé' {1..97})"
catches src/base/a.hpp format 'inline  int a();'

catches src/base/a.hpp address '// https://git''hub.com/querent/querent'
catches src/base/a.hpp address '// ghcr''.io/somebody/querent'
catches src/base/a.hpp address '// querent@users.no''reply.example.org'
allows src/base/a.hpp '// https://github.com/ka9q/ka9q-radio, https://example.org/querent'
fresh_tree
mkdir "$scratch/docs"
printf 'https://git''hub.com/querent\n' >"$scratch/docs/a.md"
expect docs/a.md:1 address

fresh_tree
printf '// %d\n' {1..600} >>"$scratch/src/base/a.hpp"
expect src/base/a.hpp:601 length

fresh_tree
mkdir -p "$scratch/tests/unit"
printf 'querent_test(unit_tests\n  SOURCES  # b.cpp\n    ab.cpp b.cpp.in)\n' \
  >"$scratch/tests/unit/CMakeLists.txt"
printf '#include <vector>\n' >"$scratch/tests/unit/b.cpp"
expect tests/unit/b.cpp:1 listed
fresh_tree
mkdir -p "$scratch/bench"
printf '#include <vector>\n' >"$scratch/bench/b.cpp"
expect bench/b.cpp:1 listed
fresh_tree
mkdir -p "$scratch/src/net/deep"
printf '#pragma once\n' >"$scratch/src/net/deep/b.hpp"
expect src/net/deep/b.hpp:1 listed
sed -i 's|a.hpp|& deep/b.hpp|' "$scratch/src/net/CMakeLists.txt"
"$here/tidy.sh" "$scratch" || [[ $? == 77 ]] || wrong=1

fresh_tree
touch "$scratch/src/base/b.h"
expect src/base/b.h:1 extension

((wrong == 0)) || exit 1
echo "every planted violation was caught"
