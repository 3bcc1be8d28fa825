# Rules that one line can break. Reads sources by paths from the repository's root, prints
# FILE:LINE: RULE: what is wrong.

BEGIN {
  # folder: what each folder under src/ may include, the simulator, and the public headers.
  allowed["include"] = "querent/"
  allowed["base"] = "querent/ base/"
  allowed["wire"] = "querent/ base/ wire/"
  allowed["core"] = "querent/ base/ core/"
  allowed["sim"] = "querent/ base/ core/ wire/ sim/"
  allowed["os"] = "querent/ base/ os/"
  allowed["net"] = "querent/ base/ os/ net/"
  allowed["config"] = "querent/ base/ core/ config/"
  allowed["log"] = "querent/ base/ os/ config/ log/"
  allowed["observe"] = "querent/ base/ core/ config/ observe/"
  allowed["web"] = "querent/ base/ os/ config/ web/"
  allowed["client"] = "querent/ base/ os/ net/ client/"
  allowed["probe"] = "querent/ base/ wire/ core/ os/ net/ probe/"
  allowed["app"] = "querent/ base/ core/ wire/ os/ net/ config/ log/ observe/ web/ app/"
  allowed["lab"] = "querent/ base/ os/ net/ lab/"
  allowed["cli"] = "querent/ base/ core/ wire/ os/ net/ config/ log/ observe/ web/ client/ probe/ app/ cli/ lab/"
  allowed["main.cpp"] = "cli/"

  # Where the kernel is spoken to, beside os, net and lab: file, and why.
  n = split("src/base/address.cpp"        " texts of addresses;"     \
            "src/config/file.cpp"         " reads the file;"         \
            "src/config/reader.cpp"       " the environment;"        \
            "src/log/log.cpp"             " who reads the log;"      \
            "src/observe/process_facts.cpp" " /proc/self;"           \
            "src/web/http_server.cpp"     " the HTTP server;"        \
            "src/client/http_get.cpp"     " the HTTP client;"        \
            "src/client/host_lookup.cpp"  " its names of hosts;"     \
            "src/app/inbox.cpp"           " an eventfd", exceptions, ";")
  for (i = 1; i <= n; i++) {
    sub(/^ */, "", exceptions[i])
    sub(/ .*/, "", exceptions[i])
    system_caller[exceptions[i]] = 1
  }
  system_header = "<(sys|net|netinet|arpa|linux|asm)/|<(unistd|fcntl|poll|sched|pwd|grp|netdb|ifaddrs|dlfcn)[.]h>"

  edge = "(^|[^A-Za-z0-9_])"
}

function complain(rule, what) { printf "%s:%d: %s: %s\n", FILENAME, FNR, rule, what }

function may_include(path, to,    list, i, n, from) {
  from = path
  sub(/^src\//, "", from)
  if (!(from in allowed)) sub(/\/.*/, "", from)
  n = split(allowed[from], list, " ")
  for (i = 1; i <= n; i++) {
    if (to == list[i] || (list[i] ~ /\/$/ && index(to, list[i]) == 1)) return 1
  }
  return 0
}

# The line without comments and without what is inside quotes.
function code_of(line,    out, start, end) {
  out = line
  if (in_comment) {
    if (!(end = index(out, "*/"))) return ""
    out = substr(out, end + 2)
    in_comment = 0
  }
  gsub(/"([^"\\]|\\.)*"/, "\"\"", out)
  gsub(/'([^'\\]|\\.)'/, "''", out)
  sub(/\/\/.*/, "", out)
  while (start = index(out, "/*")) {
    end = index(substr(out, start + 2), "*/")
    if (!end) {
      in_comment = 1
      return substr(out, 1, start - 1)
    }
    out = substr(out, 1, start - 1) " " substr(out, start + end + 3)
  }
  return out
}

FNR == 1 { in_comment = 0 }

{
  width = $0
  gsub(/[\200-\277]/, "", width)  # all but the first byte of a character
  if (length(width) > 100) complain("columns", length(width) " columns, at most 100")
  code = code_of($0)
}

FILENAME !~ /^(include|src|sim)\// { next }

/^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, quoted, "\"")
  if (!may_include(FILENAME, quoted[2])) complain("folder", "may not include " quoted[2])
}

/^[ \t]*#[ \t]*include[ \t]*</ && $0 ~ system_header && !(FILENAME in system_caller) &&
    FILENAME !~ /^src\/(os|net|lab|cli)\// {
  complain("system", "calls the kernel: that is for os, net and lab")
}

/TODO|FIXME|XXX/ { complain("unfinished", "finish it, or write an issue") }

code ~ /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else)([ \t(!]|$)/ {
  complain("conditional", "no #if, #ifdef or #ifndef; #pragma once guards a header")
}
code ~ edge "reinterpret_cast" { complain("reinterpret_cast", "read bytes with base/bytes.hpp") }
code ~ /std::(ranges::)?views/ || code ~ /ranges::views/ { complain("views", "write the loop") }
code ~ /#[ \t]*include[ \t]*<format>/ || code ~ /std::format/ { complain("format header", "no <format>") }
code ~ edge "throw([^A-Za-z0-9_]|$)" { complain("throw", "errors are values") }
code ~ edge "(std::get[ \t]*<[ \t]*[^0-9 \t]|get_if[ \t]*<|holds_alternative[ \t]*<)" {
  complain("variant", "visit it, so that a new alternative must be handled")
}
code ~ edge "new([ \t(]|$)" { complain("new", "containers and values own memory") }
{
  sub(/=[ \t]*delete/, "", code)
  if (code ~ edge "delete([^A-Za-z0-9_]|$)") complain("delete", "containers and values own memory")
}

FILENAME ~ /^src\/core\// &&
    code ~ edge "(system_clock|steady_clock|high_resolution_clock|clock_gettime|gettimeofday)" {
  complain("clock", "core is told the time")
}
FILENAME ~ /^src\/core\// && code ~ edge "(random_device|s?rand[ \t]*\\()" {
  complain("random", "core is given its randomness")
}
