#pragma once

#include <string_view>

namespace querent::cli {

// How a command says how it is going, on stderr: on a terminal one line that is rewritten in
// place, elsewhere a line each time, and only when asked to be verbose.
class LiveLine {
 public:
  explicit LiveLine(bool verbose);
  ~LiveLine();  // clears the line
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

  // Whether anybody would see it.
  bool wanted() const { return terminal_ || verbose_; }
  // Cut to the terminal's width.
  void show(std::string_view text);
  // Before something else is written to the terminal.
  void clear();

 private:
  bool terminal_;
  bool verbose_;
  bool shown_ = false;
};

}  // namespace querent::cli
