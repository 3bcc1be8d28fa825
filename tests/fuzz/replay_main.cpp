#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// Runs a fuzz target over files, and over all files of folders, without libFuzzer: the corpus as
// an ordinary test. Nothing to run is a failure.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

bool replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  const std::vector<std::uint8_t> octets(chars.begin(), chars.end());
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);  // a crash is to show whose it is
  LLVMFuzzerTestOneInput(octets.data(), octets.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  int replayed = 0;
  for (int i = 1; i < argc; ++i) {
    std::vector<fs::path> paths{argv[i]};
    if (fs::is_directory(argv[i])) {
      paths.assign(fs::directory_iterator(argv[i]), fs::directory_iterator());
    }
    for (const fs::path& path : paths) {
      if (!replay(path)) return 1;
      ++replayed;
    }
  }
  std::printf("%d inputs replayed\n", replayed);
  return replayed > 0 ? 0 : 1;
}
