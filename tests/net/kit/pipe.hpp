#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "os/fd.hpp"

namespace querent::test {

// A pipe whose ends are closed one by one.
class Pipe {
 public:
  Pipe();

  int to() const { return to_.number(); }

  // Until not one more octet fits.
  void fill();
  // What fill() put there.
  void drain();

  // The next lines, without their newlines; fewer when none comes for 10 s or the other end is
  // closed.
  std::vector<std::string> lines(std::size_t count);

  void close_reader() { from_ = os::Fd{}; }
  void close_writer() { to_ = os::Fd{}; }

 private:
  os::Fd from_;
  os::Fd to_;
  std::size_t filled_ = 0;
  std::string unread_;
};

}  // namespace querent::test
