# What `cmake --install` puts where: the component querent. The manual page and the completions are
# printed by the program that was just built.

include(GNUInstallDirs)
include(QuerentCommit)

set(QUERENT_UNIT_DIR "lib/systemd/system" CACHE STRING "Where systemd finds the units")
# A package must name somebody; .invalid never is a domain (RFC 2606).
set(QUERENT_MAINTAINER "The querent authors <querent@example.invalid>" CACHE STRING
  "Who answers for the package: NAME <ADDRESS>")
find_program(QUERENT_GZIP gzip REQUIRED)
mark_as_advanced(QUERENT_GZIP)
set(documents ${CMAKE_INSTALL_DATAROOTDIR}/doc/querent)
set(made ${PROJECT_BINARY_DIR}/install)
file(MAKE_DIRECTORY ${made})

# querent_install(DESTINATION FILE... [RENAME name])
function(querent_install destination)
  install(FILES ${ARGN} DESTINATION ${destination} COMPONENT querent)
endfunction()

# querent_print(OUTPUT ARGUMENT...): what `querent ARGUMENT...` prints. add_custom_command puts
# the emulator, if there is one, before the program.
function(querent_print output)
  add_custom_command(
    OUTPUT ${made}/${output}
    COMMAND querent ${ARGN} > ${output}
    DEPENDS querent
    WORKING_DIRECTORY ${made}
    COMMENT "Printing ${output}")
endfunction()

install(TARGETS querent RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT querent)

if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(WARNING "querent cannot run here, so that its manual page and its completions are not "
    "installed; say -DCMAKE_CROSSCOMPILING_EMULATOR=qemu-aarch64-static or the like")
else()
  querent_print(querent.1 man)
  querent_print(querent.bash completion bash)
  querent_print(querent.zsh completion zsh)
  querent_print(querent.fish completion fish)
  add_custom_command(
    OUTPUT ${made}/querent.1.gz
    COMMAND ${QUERENT_GZIP} -9nc querent.1 > querent.1.gz
    DEPENDS ${made}/querent.1
    WORKING_DIRECTORY ${made}
    COMMENT "Compressing querent.1")
  add_custom_target(querent_printed ALL
    DEPENDS ${made}/querent.1.gz ${made}/querent.bash ${made}/querent.zsh ${made}/querent.fish)
  set(share ${CMAKE_INSTALL_DATAROOTDIR})
  querent_install(${CMAKE_INSTALL_MANDIR}/man1 ${made}/querent.1.gz)
  querent_install(${share}/bash-completion/completions ${made}/querent.bash RENAME querent)
  querent_install(${share}/zsh/vendor-completions ${made}/querent.zsh RENAME _querent)
  querent_install(${share}/fish/vendor_completions.d ${made}/querent.fish)
endif()

# The units name the program and its configuration where they are installed.
set(homepage "")
if(QUERENT_HOMEPAGE)
  set(homepage " ${QUERENT_HOMEPAGE}")
endif()
foreach(unit querent.service querent@.service)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS packaging/systemd/${unit})
  file(READ packaging/systemd/${unit} text)
  string(REPLACE /usr/bin/ ${CMAKE_INSTALL_FULL_BINDIR}/ text "${text}")
  string(REPLACE /etc/querent/ ${CMAKE_INSTALL_FULL_SYSCONFDIR}/querent/ text "${text}")
  string(REPLACE man:querent\(1\) "man:querent(1)${homepage}" text "${text}")
  file(WRITE ${made}/${unit} "${text}")
  querent_install(${QUERENT_UNIT_DIR} ${made}/${unit})
endforeach()
querent_install(${CMAKE_INSTALL_DATAROOTDIR}/querent/grafana grafana/dashboards/querent.json)
querent_install(${CMAKE_INSTALL_DATAROOTDIR}/querent/prometheus
  docker/prometheus/querent.rules.yml)

# A configuration that is there stays.
set(querent_toml ${CMAKE_INSTALL_FULL_SYSCONFDIR}/querent)
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}${querent_toml}/querent.toml\")
    file(INSTALL \"${PROJECT_SOURCE_DIR}/packaging/querent.toml\"
      DESTINATION \"${querent_toml}\")
  endif()" COMPONENT querent)

# The changelog in Debian's form has the date of the commit, or $SOURCE_DATE_EPOCH.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  querent_ask_git(commit_time log -1 --format=%ct)
  if(commit_time)
    set(ENV{SOURCE_DATE_EPOCH} ${commit_time})
  endif()
endif()
string(TIMESTAMP QUERENT_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
string(TIMESTAMP QUERENT_EPOCH "%s" UTC)
configure_file(packaging/debian/changelog.in ${made}/changelog @ONLY)
add_custom_command(
  OUTPUT ${made}/changelog.gz
  COMMAND ${QUERENT_GZIP} -9nc changelog > changelog.gz
  DEPENDS ${made}/changelog
  WORKING_DIRECTORY ${made}
  COMMENT "Compressing changelog")
add_custom_target(querent_changelog ALL DEPENDS ${made}/changelog.gz)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS packaging/debian/copyright)
file(READ packaging/debian/copyright text)
if(QUERENT_HOMEPAGE)
  string(REPLACE "Upstream-Name: querent\n"
    "Upstream-Name: querent\nSource: ${QUERENT_HOMEPAGE}\n" text "${text}")
endif()
file(WRITE ${made}/copyright "${text}")
querent_install(${documents} README.md CHANGELOG.md ${made}/copyright ${made}/changelog.gz)
# docs/design is for those who have the sources that it speaks of.
install(DIRECTORY docs DESTINATION ${documents} COMPONENT querent
  FILES_MATCHING PATTERN "*.md" PATTERN "*.json" PATTERN images EXCLUDE PATTERN design EXCLUDE)
