// The last step of the image: gives a program the file capability CAP_NET_RAW, permitted, to be raised by the program itself (so
// that it starts, and can speak, where the container lacks it), and removes itself. There is no setcap in the image.

#include <array>
#include <cstdint>
#include <cstdio>
#include <linux/capability.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace {

// security.capability, as capabilities(7) has it: little-endian words.
using Words = std::array<std::uint8_t, XATTR_CAPS_SZ_2>;

Words permitted(unsigned capability) {
  Words words{};
  words[3] = VFS_CAP_REVISION_2 >> 24U;
  words[4 + capability / 8] = static_cast<std::uint8_t>(1U << (capability % 8));
  return words;
}

int fail(const char* what) {
  std::perror(what);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const Words words = permitted(CAP_NET_RAW);
  if (::setxattr(argv[1], "security.capability", words.data(), words.size(), 0) != 0)
    return fail(argv[1]);
  return ::unlink(argv[0]) == 0 ? 0 : fail(argv[0]);
}
