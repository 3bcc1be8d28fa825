# Language, warnings and sanitizers: one INTERFACE target that every target of ours links.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

find_program(QUERENT_CCACHE ccache)
mark_as_advanced(QUERENT_CCACHE)
if(QUERENT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the clone, so that other clones share the cache. Precompiled headers need the
  # sloppiness.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${QUERENT_CCACHE})
endif()

add_library(querent_options INTERFACE)
target_include_directories(querent_options INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_compile_options(querent_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wswitch-enum
  # What a designated initializer leaves out has its default: that is what they are for.
  -Wno-missing-field-initializers
  # clang counts -Wsign-conversion to -Wconversion, g++ does not: the same set for both.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)

# g++ 13 and 14 see uninitialized values in variants that they have inlined.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
  target_compile_options(querent_options INTERFACE -Wno-maybe-uninitialized)
endif()

if(QUERENT_WERROR OR "$ENV{CI}" STREQUAL "true")
  target_compile_options(querent_options INTERFACE -Werror)
endif()

if(QUERENT_SANITIZE)
  target_compile_definitions(querent_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_compile_options(querent_options INTERFACE
    -fsanitize=${QUERENT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # Its check needs a free descriptor, which tests of a full table do not leave.
    -fno-sanitize=vptr
    # g++ 12 sees uninitialized values in the code that sanitizers add.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    # A million addresses to adjust at each start, and there are thousands of tests.
    -fno-pie)
  target_link_options(querent_options INTERFACE -fsanitize=${QUERENT_SANITIZE} -no-pie)
endif()

if(QUERENT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "QUERENT_FUZZ needs clang: cmake --preset fuzz")
  endif()
  target_compile_options(querent_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(QUERENT_COVERAGE)
  target_compile_options(querent_options INTERFACE --coverage -fno-inline)
  target_link_options(querent_options INTERFACE --coverage)
endif()

if(QUERENT_HARDEN)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  file(RELATIVE_PATH way_up ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  string(REGEX REPLACE "/$" "" way_up "${way_up}")
  target_compile_options(querent_options INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
    -Wformat -Werror=format-security
    # The same program in whatever directory it is built, with ccache's relative paths or without.
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${way_up}=.
    -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    target_compile_options(querent_options INTERFACE -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    target_compile_options(querent_options INTERFACE -mbranch-protection=standard)
  endif()
  target_link_options(querent_options INTERFACE -pie LINKER:-z,relro LINKER:-z,now)
endif()
