# What the per-folder CMakeLists.txt files say: every source and header by name, and what is linked.

# querent_library(NAME [SOURCES file...] [TOGETHER file...] [LINKS target...])
# A static library; one of headers alone becomes an INTERFACE library. The sources TOGETHER include the
# same heavy header and are compiled as one.
function(querent_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;TOGETHER;LINKS" ${ARGN})
  querent_unite(together ${name} ${arg_TOGETHER})
  list(APPEND arg_SOURCES ${together})
  set(compiled ${arg_SOURCES})
  list(FILTER compiled INCLUDE REGEX "\\.cpp$")
  if(compiled)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC querent_options ${arg_LINKS})
    querent_use_precompiled(${name} querent_precompiled)
  else()
    add_library(${name} INTERFACE ${arg_SOURCES})
    target_link_libraries(${name} INTERFACE querent_options ${arg_LINKS})
  endif()
endfunction()

# querent_executable(NAME SOURCES file... [LINKS target...])
function(querent_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  if(NOT arg_SOURCES)  # nothing written yet
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE querent_options ${arg_LINKS})
endfunction()

# What the code of tests is compiled with. What is tested is optimized, the test is not: that is slow
# to compile with sanitizers, and without them g++ 12 warns of overflows in vectors that it has inlined
# wrongly. Nor is every pointer of a test looked at: ASan finds one that is bad, too.
# It is linked behind querent_options, whose choice of sanitizers it makes smaller.
add_library(querent_test_options INTERFACE)
target_compile_options(querent_test_options INTERFACE -O0)
if(QUERENT_SANITIZE MATCHES undefined)
  target_compile_options(querent_test_options INTERFACE
    -fno-sanitize=alignment,null,object-size,vptr)
endif()

# Sources that share heavy headers and templates are compiled several as one, which costs half. Where
# two of them have the same name for different things, one of them is named APART. clang-tidy sees each
# by itself.
option(QUERENT_UNITE "Compile several sources as one" ON)

# querent_unite(RESULT NAME source...): what to compile instead of these sources. It includes them
# relative to itself, so that a compiler cache knows it in another clone; CMake's own UNITY_BUILD names
# them in full.
function(querent_unite result name)
  set(united "")
  if(NOT QUERENT_UNITE)
    set(united ${ARGN})
    set(ARGN "")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/united)
  while(ARGN)
    list(LENGTH united number)
    list(SUBLIST ARGN 0 6 batch)
    list(REMOVE_ITEM ARGN ${batch})
    set(text "")
    foreach(source IN LISTS batch)
      file(RELATIVE_PATH path ${folder} ${CMAKE_CURRENT_SOURCE_DIR}/${source})
      string(APPEND text "#include \"${path}\"\n")
    endforeach()
    file(CONFIGURE OUTPUT ${folder}/${name}_${number}.cpp CONTENT "${text}" @ONLY)
    list(APPEND united ${folder}/${name}_${number}.cpp)
  endwhile()
  set(${result} ${united} PARENT_SCOPE)
endfunction()

# querent_unite_tests(RESULT NAME SOURCES APART): all but those APART.
function(querent_unite_tests result name sources apart)
  set(together ${sources})
  list(FILTER together INCLUDE REGEX "\\.cpp$")
  list(REMOVE_ITEM together "" ${apart})
  list(REMOVE_ITEM sources "" ${together})
  querent_unite(together ${name} ${together})
  set(${result} ${sources} ${together} PARENT_SCOPE)
endfunction()

# querent_test_kit(NAME SOURCES file... [APART file...] [LINKS target...])
# What several tests share.
function(querent_test_kit name)
  cmake_parse_arguments(arg "" "" "SOURCES;APART;LINKS" ${ARGN})
  querent_unite_tests(arg_SOURCES ${name} "${arg_SOURCES}" "${arg_APART}")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name}
    PUBLIC querent_options ${arg_LINKS} GTest::gmock GTest::gtest
    PRIVATE querent_test_options)
  querent_use_precompiled(${name} querent_tests_precompiled)
endfunction()

# querent_test(NAME LABEL label TIMEOUT seconds SOURCES file... [APART file...] [LINKS target...])
# One GoogleTest executable; each of its cases is a ctest of its own, killed after TIMEOUT.
function(querent_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;APART;LINKS" ${ARGN})
  querent_unite_tests(arg_SOURCES ${name} "${arg_SOURCES}" "${arg_APART}")
  querent_executable(${name} SOURCES ${arg_SOURCES}
    LINKS ${arg_LINKS} rapidcheck_gtest GTest::gmock GTest::gtest_main querent_test_options)
  if(NOT TARGET ${name})
    return()
  endif()
  querent_use_precompiled(${name} querent_tests_precompiled)
  if(NOT arg_LABEL MATCHES "^net")
    set_property(GLOBAL APPEND PROPERTY querent_pure_tests ${name})
  endif()
  gtest_discover_tests(${name}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()

# querent_fuzz_target(NAME SOURCES file... [LINKS target...])
# fuzz_NAME. In the fuzz preset it is a libFuzzer; elsewhere QUERENT_REPLAY_SOURCES give it a main
# that replays the corpus in corpus/NAME, as the ctest fuzz_corpus.NAME.
function(querent_fuzz_target name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  set(target fuzz_${name})
  if(NOT arg_SOURCES)  # nothing written yet
    return()
  endif()
  if(QUERENT_FUZZ)
    querent_executable(${target} SOURCES ${arg_SOURCES} LINKS ${arg_LINKS})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    querent_executable(${target} SOURCES ${arg_SOURCES} ${QUERENT_REPLAY_SOURCES}
      LINKS ${arg_LINKS})
    add_test(NAME fuzz_corpus.${name}
      COMMAND ${target} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
    set_tests_properties(fuzz_corpus.${name} PROPERTIES LABELS fuzz-corpus TIMEOUT 120)
  endif()
endfunction()
