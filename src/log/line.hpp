#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::log {

// How many lines like this one were not written, and in what time.
struct Merged {
  std::uint64_t more = 0;
  Duration over{};

  bool operator==(const Merged&) const = default;
};

// One thing that happened. `event` and `detail` are names of ours: they live as long as the
// process. `interface` and `text` may be anything that a network says.
struct LogLine {
  config::LogLevel level = config::LogLevel::kInfo;
  std::string_view event;          // stable, snake_case: "election_lost", "query_rejected"
  std::string interface {};        // empty: about the process
  std::optional<Family> family{};  // nothing: about the interface as a whole
  std::string text;                // for people, without the subject: "election lost to ..."
  // Lines that repeat what one network can cause at will. The first of an (event, interface,
  // family, detail) is written at once, the others of the next 60 s become one line.
  bool repeats = false;
  std::string_view detail{};  // "message_checksum"
  // The log's own: this line, written before, stands for others.
  std::optional<Merged> merged{};

  bool operator==(const LogLine&) const = default;
};

}  // namespace querent::log
