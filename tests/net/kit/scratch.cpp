#include "scratch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "os/clock.hpp"

namespace querent::test {

namespace fs = std::filesystem;

Scratch::Scratch() : path_(testing::TempDir() + "querent-XXXXXX") {
  EXPECT_NE(::mkdtemp(path_.data()), nullptr) << path_;
  fs::permissions(path_, fs::perms{0755});
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Scratch::path(std::string_view name) const {
  return name.empty() ? path_ : path_ + "/" + std::string(name);
}

std::string Scratch::write(std::string_view name, std::string_view text, unsigned mode) const {
  auto file = path(name);
  std::ofstream(file, std::ios::trunc) << text;
  fs::permissions(file, fs::perms{mode});
  return file;
}

void Scratch::open_to_all() const {
  fs::permissions(path_, fs::perms{0777});
}

std::size_t times_said(lab::Process& process, std::string_view words) {
  const std::string& all = process.errors();
  std::size_t times = 0;
  for (auto at = all.find(words); at != std::string::npos; at = all.find(words, at + 1))
    ++times;
  return times;
}

bool await_said(lab::Process& process, std::string_view words, std::size_t times,
                Duration patience) {
  constexpr Duration kGlance = 5ms;
  const Instant until = os::now() + patience;
  for (;;) {
    const auto ended = process.wait(kGlance);
    if (times_said(process, words) >= times) return true;
    if (ended || os::now() >= until) return false;
  }
}

double in_ms(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace querent::test
