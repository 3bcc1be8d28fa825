# Sourced: prepare DIR copies this directory there, installs what it needs there and makes the page.

prepare() { # DIR
  local here root
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  root=$(cd "$here/../.." && pwd)
  mkdir -p "$1"
  directory=$(cd "$1" && pwd)
  rm -f "$directory"/*.mjs
  cp "$here"/*.mjs "$here"/package.json "$here"/.npmrc "$directory"
  if ! [[ -e $directory/node_modules/.whole ]] ||
    ! cmp -s "$here/package-lock.json" "$directory/node_modules/.whole"; then
    cp "$here/package-lock.json" "$directory"
    (cd "$directory" && npm ci --no-audit --no-fund)
    cp "$here/package-lock.json" "$directory/node_modules/.whole"
  fi
  cmake -DPAGE="$directory/status.html" -P "$root/src/observe/page/embed.cmake"
  export STATUS_PAGE=$directory/status.html
  export API_DOCUMENT=$root/docs/api.md
}
