# Headers that most sources include, compiled once, in builds for developers: it saves them a quarter of
# the time. A source still includes what it uses: in a release, where lines are counted and to clang-tidy
# there is no such help. (With -O2 g++ 12 warns of strings that it has inlined wrongly.)

# In another clone, ccache recognizes what g++ compiled with them, but not what clang did.
if(QUERENT_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
if(QUERENT_COVERAGE OR NOT CMAKE_BUILD_TYPE STREQUAL Debug)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
target_compile_options(querent_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

# Without <filesystem>: it brings std::quoted, which would be found instead of our own.
set(QUERENT_COMMON_HEADERS
  <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <set> <span> <string>
  <string_view> <utility> <variant> <vector> <tl/expected.hpp>)

# querent_precompile(NAME HEADERS header... [LINKS target...])
# Compiles them for every target that says querent_use_precompiled(TARGET NAME); with the options
# that those have, or they would not fit.
function(querent_precompile name)
  cmake_parse_arguments(arg "" "" "HEADERS;LINKS" ${ARGN})
  # It has to have a source.
  set(source ${PROJECT_BINARY_DIR}/precompiled/${name}.cpp)
  if(NOT EXISTS ${source})
    file(WRITE ${source} "")
  endif()
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE querent_options ${arg_LINKS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

function(querent_use_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM ${name})
endfunction()

querent_precompile(querent_precompiled
  HEADERS ${QUERENT_COMMON_HEADERS}
  LINKS tl::expected)
