#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace querent::test {

// Empty, and whoever the tested program becomes may read in it. Gone, with all in it, at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    path_ = (std::filesystem::temp_directory_path() / "querent-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) return;
    std::filesystem::permissions(path_, std::filesystem::perms{0755});
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace querent::test
