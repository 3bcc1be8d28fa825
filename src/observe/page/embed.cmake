# Makes one page of the files beside it:
#   cmake -DOUT=FILE.cpp -P embed.cmake    as the definition of querent::observe::status_page()
#   cmake -DPAGE=FILE.html -P embed.cmake  as it is
# QUERENT_PAGE_FILES is what it reads, for those who include this file to depend on it.
set(styles status.css)
set(scripts words.js links.js groups.js events.js status.js)  # they share one scope: main at last
set(QUERENT_PAGE_FILES)
foreach(file status.html ${styles} ${scripts})
  list(APPEND QUERENT_PAGE_FILES "${CMAKE_CURRENT_LIST_DIR}/${file}")
endforeach()
if(NOT OUT AND NOT PAGE)
  return()
endif()

# Reads the files one after the other into a variable.
function(join_files variable)
  set(joined "")
  foreach(file ${ARGN})
    file(READ "${CMAKE_CURRENT_LIST_DIR}/${file}" text)
    string(APPEND joined "${text}")
  endforeach()
  set(${variable} "${joined}" PARENT_SCOPE)
endfunction()

# Puts a text where the page names it, once.
function(fill_in place text)
  string(FIND "${page}" "${place}" first)
  string(FIND "${page}" "${place}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "status.html: ${place} must be there once")
  endif()
  string(TOLOWER "${text}" lower)
  if(lower MATCHES "</(script|style)|<!--")
    message(FATAL_ERROR "what replaces ${place} would end before its end: ${CMAKE_MATCH_0}")
  endif()
  string(REPLACE "${place}" "${text}" page "${page}")
  set(page "${page}" PARENT_SCOPE)
endfunction()

join_files(page status.html)
join_files(style ${styles})
join_files(script ${scripts})
fill_in("<!-- style -->" "${style}")
fill_in("<!-- script -->" "${script}")

if(PAGE)
  file(WRITE "${PAGE}" "${page}")
endif()
if(OUT)
  # As characters: no literal is too long, and nothing in the page can end one.
  string(HEX "${page}" bytes)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(REGEX REPLACE "(('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',))"
    "    \\1\n" bytes "${bytes}")
  file(WRITE "${OUT}" "// Made by embed.cmake; change the files that it reads.
#include \"observe/status_page.hpp\"

namespace querent::observe {

namespace {

constexpr char kPage[] = {
${bytes}};

}  // namespace

std::string_view status_page() {
  return {kPage, sizeof(kPage)};
}

}  // namespace querent::observe
")
endif()
