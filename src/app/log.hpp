#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/config.hpp"
#include "base/address.hpp"
#include "base/time.hpp"

namespace querent::app {

// One thing that happened.
struct LogLine {
  LogLevel level = LogLevel::kInfo;
  std::string_view event;          // stable, snake_case: "election_lost", "query_rejected"
  std::string interface {};        // empty: about the process
  std::optional<Family> family{};  // nothing: about the interface as a whole
  std::string text;                // for people, without the subject: "election lost to ..."
  // Lines that repeat what one network can cause at will. The first of an (event, interface,
  // family, detail) is written at once, the others of the next 60 s become one line.
  bool repeats = false;
  std::string_view detail{};  // "message_checksum"
};

// Lines to stderr, from a thread of its own: whoever writes never waits, not for a full pipe
// either. What does not fit into the queue is dropped, the oldest first, and counted.
//
// Text: "2026-01-31T12:00:00.123Z info  eth0 ipv4: election lost to ..."; under journald without
// the time, and with <PRIORITY> in front. JSON: one object a line: time, level, event, interface,
// family, text.
class Log {
 public:
  explicit Log(const LogConfig& config, int fd = 2);
  ~Log();  // waits at most 50 ms for the queue to empty

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(LogLine line);
  bool writes(LogLevel level) const;

  // After a reload.
  void reconfigure(const LogConfig& config);

  // To be called now and then: tells of merged lines whose time is over.
  void tell_merged(Instant now);
  // When to call it next.
  Instant merged_deadline() const;

  std::uint64_t dropped() const;

 private:
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace querent::app
