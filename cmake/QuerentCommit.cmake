# QUERENT_COMMIT: what is built, for --version. Say -DQUERENT_COMMIT=... where there is no repository;
# else git is asked, again after each commit.

set(QUERENT_COMMIT "" CACHE STRING "The commit that is built (empty: ask git)")

# querent_ask_git(RESULT ARGUMENT...): what git answers; empty where there is no repository.
function(querent_ask_git result)
  set(${result} "" PARENT_SCOPE)
  find_package(Git QUIET)
  # In a directory of somebody else's repository, git would answer for that one.
  if(NOT GIT_EXECUTABLE OR NOT EXISTS ${PROJECT_SOURCE_DIR}/.git)
    return()
  endif()
  execute_process(
    COMMAND ${GIT_EXECUTABLE} ${ARGN}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(${result} "${answer}" PARENT_SCOPE)
endfunction()

function(querent_find_commit result)
  set(${result} "unknown" PARENT_SCOPE)
  if(QUERENT_COMMIT)
    set(${result} ${QUERENT_COMMIT} PARENT_SCOPE)
    return()
  endif()
  querent_ask_git(commit rev-parse --short=12 HEAD)
  querent_ask_git(log rev-parse --path-format=absolute --git-path logs/HEAD)
  if(commit)
    set(${result} ${commit} PARENT_SCOPE)
  endif()
  if(log AND EXISTS ${log})
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${log})
  endif()
endfunction()
