#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lab/process.hpp"
#include "querent_lan.hpp"

namespace querent::test {

// A directory that anybody may enter, gone with this object and all that is in it.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(std::string_view name = "") const;
  // A file that anybody may read, or this one with those permissions; its path.
  std::string write(std::string_view name, std::string_view text, unsigned mode = 0644) const;
  // Programs that give up root write here, too.
  void open_to_all() const;

 private:
  std::string path_;
};

std::size_t times_said(lab::Process& process, std::string_view words);
// Whether the process has written the words to stderr that often, in all, within that time.
bool await_said(lab::Process& process, std::string_view words, std::size_t times = 1,
                Duration patience = kPatience);

double in_ms(Duration duration);

}  // namespace querent::test
