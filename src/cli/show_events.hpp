#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/json_value.hpp"

namespace querent::cli {

// "2026-11-21 22:41:29.123 info  eth0 ipv4: TEXT", the time where we live.
std::string event_line(client::JsonValue event, bool colour);

// Follows the events of a process, page by page, and into the next process.
class EventReader {
 public:
  struct News {
    std::vector<client::JsonValue>
        events;                      // of the page: those that are to be shown, in their order
    std::vector<std::string> notes;  // before them: what happened to the log itself
    bool again = false;              // ask once more, now: there is more to know
  };

  // Shows of what there is already the latest so many, 0 to kMost.
  explicit EventReader(std::size_t latest) : latest_(latest) {}

  static constexpr std::size_t kMost = 1000;  // that are remembered

  // What to ask for.
  std::string target() const;
  // The answer to that.
  News take(client::JsonValue page);

 private:
  std::size_t latest_;
  std::optional<std::string> instance_;  // that is followed
  std::uint64_t last_ = 0;               // that was taken
};

}  // namespace querent::cli
