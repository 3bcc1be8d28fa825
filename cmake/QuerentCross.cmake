# A toolchain file for Debian's cross compilers and the libraries of another architecture:
#   cmake -DCMAKE_TOOLCHAIN_FILE=cmake/QuerentCross.cmake -DQUERENT_ARCH=arm64 ...

set(triplet_of_arm64 aarch64-linux-gnu)
set(triplet_of_armhf arm-linux-gnueabihf)
set(triplet_of_amd64 x86_64-linux-gnu)
set(triplet ${triplet_of_${QUERENT_ARCH}})
if(NOT triplet)
  message(FATAL_ERROR "QUERENT_ARCH is '${QUERENT_ARCH}': amd64, arm64 or armhf")
endif()
string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR ${triplet})

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_CXX_COMPILER ${triplet}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${triplet})
# The static one has that name before Debian 13.
find_program(QUERENT_EMULATOR
  NAMES qemu-${CMAKE_SYSTEM_PROCESSOR}-static qemu-${CMAKE_SYSTEM_PROCESSOR})
if(QUERENT_EMULATOR)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${QUERENT_EMULATOR})
endif()
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES QUERENT_ARCH)
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/${triplet}/pkgconfig:/usr/share/pkgconfig)
