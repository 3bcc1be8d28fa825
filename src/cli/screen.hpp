#pragma once

#include <string>

#include "cli/line_output.hpp"

namespace querent::cli {

// A text on stdout that is shown again and again: on a terminal in place of the one before, as much
// of it as has room; elsewhere below it, with an empty line between.
class Screen {
 public:
  Screen();

  bool is_terminal() const { return terminal_; }
  // Whole lines.
  Written show(const std::string& text);

 private:
  bool terminal_;
  bool first_ = true;
};

}  // namespace querent::cli
