# Which sources clang-tidy has to see again, for ./dev lint to source.
# shellcheck shell=bash

readonly LINTED=.ci/linted  # the commit at which nothing was wrong in any source
readonly LINT_STAMPS=${XDG_CACHE_HOME:-$HOME/.cache}/querent/lint

# Writes DIRECTORY/NUMBER for each source: its path, the paths and hashes of all that it includes of ours,
# directly or not, and its command line.
lint_views() { # DIRECTORY
  local folders
  mapfile -t folders < <(ls -d include src sim bench tests 2>/dev/null)
  {
    find "${folders[@]}" -name '*.[ch]pp' -exec sha256sum {} + | sed 's/^/hash /'
    grep -rHE --include='*.[ch]pp' '^ *# *include "' "${folders[@]}" |
      sed -E 's/^([^:]*):[^"]*"([^"]*)".*/include \1 \2/'
    sed -nE "s|$PWD|.|g; s|^ *\"(command)\": \"(.*)\",?\$|\1 \2|p; s|^ *\"(file)\": \"\./(.*)\",?\$|\1 \2|p" \
      build/lint/compile_commands.json
  } | awk -v out="$1" '
    function plain(path) {
      while (sub(/[^\/]+\/\.\.\//, "", path));
      return path
    }
    function find(name, from,    place, i, path) {
      place[1] = from
      sub(/[^\/]*$/, "", place[1])
      place[2] = "include/"
      place[3] = "src/"
      place[4] = ""
      for (i = 1; i <= 4; i++) {
        path = plain(place[i] name)
        if (path in hash) return path
      }
    }
    function see(path, number,    names, count, i) {
      if (path == "" || seen[path] == number) return
      seen[path] = number
      print path "\n" hash[path] >(out "/" number)
      count = split(includes[path], names, " ")
      for (i = 1; i <= count; i++) see(find(names[i], path), number)
    }
    $1 == "hash" { hash[$3] = $2 }
    $1 == "include" { includes[$2] = includes[$2] " " $3 }
    $1 == "command" { command = $0 }
    $1 == "file" && !known[$2]++ { sources[++total] = $2; commands[total] = command }
    END {
      for (n = 1; n <= total; n++) {
        see(sources[n], n)
        print commands[n] >(out "/" n)
        close(out "/" n)
      }
    }'
}

# What may change what clang-tidy says about any source.
lint_rules() {
  local packages
  mapfile -t packages < <(packages_of build test bench clang lint)
  clang-tidy --version
  dpkg-query -W "${packages[@]}" 2>/dev/null || true
  find . -name .clang-tidy -not -path './build/*' -exec sha256sum {} + | sort -k 2
}

# Files that differ from the commit of $LINTED; fails where that cannot be told.
changed_since_linted() {
  local commit
  commit=$(cat "$LINTED" 2>/dev/null) && git cat-file -e "$commit^{commit}" 2>/dev/null || return 1
  git diff --name-only "$commit"
  git ls-files --others --exclude-standard
}

# Prints `KEY FILE` of the sources to see: under one of the paths, and not yet found good with that key.
# Which is `all`, `new` (the default) or `changed` (of those, what changed_since_linted touches).
lint_select() { # WHICH PATH...
  local which=$1 views rules key number file
  shift
  views=$(mktemp -d)
  lint_views "$views"
  rules=$(lint_rules | sha256sum)
  if [[ $which == changed ]] && changed_since_linted >"$views/changed"; then
    if ! grep -q '\.clang-tidy$' "$views/changed"; then
      grep -LxFf "$views/changed" "$views"/[0-9]* | xargs -r rm
    fi
  fi
  rm -f "$views/changed"
  for file in "$views"/*; do echo "$rules" >>"$file"; done
  (cd "$views" && find . -type f -exec sha256sum {} +) | while read -r key number; do
    file=$(head -n 1 "$views/$number")
    [[ $which != all && -e $LINT_STAMPS/$key ]] || printf '%s %s\n' "$key" "$file"
  done | grep -E " ($(IFS='|' && echo "$*"))(/|\$)" | sort -k 2 || true
  rm -rf "$views"
}

# One source; remembers that nothing was wrong.
lint_one() { # KEY FILE
  local said
  if said=$(clang-tidy --quiet -p build/lint "$2" 2>&1); then
    touch "$LINT_STAMPS/$1"
  else
    printf '%s\n' "$said"
    return 1
  fi
}

lint_sources() { # WHICH PATH...
  local status=0
  mkdir -p "$LINT_STAMPS"
  find "$LINT_STAMPS" -type f -mtime +60 -delete
  lint_select "$@" >build/lint/selected
  say "lint: $(wc -l <build/lint/selected) sources to see"
  export LINT_STAMPS
  export -f lint_one
  # One process a file. What clang-tidy suppressed (system headers) is not worth a line, and what
  # is wrong in a header is said once.
  # shellcheck disable=SC2016
  xargs -r -L 1 -P "$JOBS" bash -c 'lint_one "$@"' bash <build/lint/selected |
    awk '/^[0-9]+ warnings?( and [0-9]+ errors?)? generated/ { next }
         /: (error|warning): / { fresh = !seen[$0]++ } fresh' || status=1
  return "$status"
}
