#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <spdlog/formatter.h>
#include <spdlog/sinks/sink.h>
#include <string>
#include <string_view>

#include "log/format.hpp"
#include "os/blocking_output.hpp"
#include "querent/time.hpp"

// What spdlog's thread calls: from the queue to the descriptor.

namespace querent::log {

// Where lines go, in whatever format. They are numbered from 0 on, so that it sees which are
// missing; a line says so in their place, with those that the descriptor refused.
class Destination {
 public:
  explicit Destination(int fd) : output_(fd) {}

  // By one thread. Numbers may overflow.
  void take(std::uint32_t number, std::string_view line, const LogStyle& style);

  // By any thread, as what follows: lines that were taken and not written.
  std::uint64_t refused() const;
  // Waits until so many lines were taken, but at most `patience`. Later ones are discarded.
  void close(std::uint64_t taken, Duration patience);

 private:
  os::BlockingOutput output_;
  std::uint32_t next_ = 0;
  std::uint64_t unreported_ = 0;

  mutable std::mutex mutex_;  // never held while writing
  std::condition_variable changed_;
  std::uint64_t taken_ = 0;
  std::uint64_t refused_ = 0;
  bool closed_ = false;
};

// Completes a line: time, level, and the newline. The message's text is what format_rest() made.
class Formatter final : public spdlog::formatter {
 public:
  explicit Formatter(const LogStyle& style) : style_(style) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override;
  std::unique_ptr<spdlog::formatter> clone() const override;

 private:
  LogStyle style_;
};

// From one thread, so it has no lock. In place of a line of the source a message has its number:
// log_location().
class Sink final : public spdlog::sinks::sink {
 public:
  Sink(std::shared_ptr<Destination> destination, const LogStyle& style);

  void log(const spdlog::details::log_msg& message) override;
  // Nothing is kept back.
  void flush() override {}
  // The format is ours, and stays.
  void set_pattern(const std::string& /*pattern*/) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}

 private:
  std::shared_ptr<Destination> destination_;
  LogStyle style_;
  Formatter formatter_;
};

spdlog::source_loc log_location(std::uint32_t number);

}  // namespace querent::log
