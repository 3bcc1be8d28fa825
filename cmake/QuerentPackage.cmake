# The Debian package: build the preset `release`, then run cpack in its directory. `./dev package`
# does both.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME querent)
set(CPACK_PACKAGE_VENDOR "The querent authors")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)

# The same commit makes the same package: nothing in it is younger than the commit.
file(WRITE ${PROJECT_BINARY_DIR}/CPackEpoch.cmake
  "if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})\n  set(ENV{SOURCE_DATE_EPOCH} ${QUERENT_EPOCH})\nendif()\n")
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/CPackEpoch.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
if(QUERENT_ARCH)  # by the toolchain file
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${QUERENT_ARCH})
endif()
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${QUERENT_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE ${QUERENT_HOMEPAGE})
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# `querent watch` loads it when it is needed.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libpcap0.8)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "prometheus, bash-completion")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "IGMP and MLD querier that keeps multicast alive")
# CPack makes Debian's form of it: a space before each line, a dot for an empty one.
set(CPACK_PACKAGE_DESCRIPTION "Switches that snoop IGMP or MLD keep multicast off ports that did not ask for
it. They need a querier, somebody who asks about once a minute who wants what.
On a network without one, a switch forgets every receiver after some 260
seconds, and streams go silent.

querent is that querier: IGMPv1 to v3 and MLDv1 and v2, on any number of
interfaces, with the election that lets several of them stand in for each
other. It shows itself as a web page, as metrics for Prometheus and as JSON,
and its commands watch, send and receive multicast.

Nothing is sent before /etc/querent/querent.toml names an interface.")

set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${PROJECT_BINARY_DIR}/debian/conffiles "/etc/querent/querent.toml\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/debian/preinst
  ${PROJECT_SOURCE_DIR}/packaging/debian/postinst
  ${PROJECT_SOURCE_DIR}/packaging/debian/prerm
  ${PROJECT_SOURCE_DIR}/packaging/debian/postrm
  ${PROJECT_BINARY_DIR}/debian/conffiles)

include(CPack)
