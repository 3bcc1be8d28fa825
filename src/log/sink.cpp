#include "log/sink.hpp"

#include <chrono>
#include <fmt/format.h>
#include <spdlog/details/log_msg.h>
#include <string>
#include <utility>

namespace querent::log {
namespace {

std::string gap_line(std::uint64_t missing, const LogStyle& style) {
  const LogLine line{
      .level = config::LogLevel::kWarn,
      .event = "log_dropped",
      .text = fmt::format("{} {} of this log {} dropped: not read fast enough", missing,
                          missing == 1 ? "line" : "lines", missing == 1 ? "was" : "were")};
  return format_line(line, style, std::chrono::system_clock::now());
}

}  // namespace

void Destination::take(std::uint32_t number, std::string_view line, const LogStyle& style) {
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) return;
  }
  unreported_ += number - next_;
  next_ = number + 1;
  if (unreported_ > 0 && output_.write(gap_line(unreported_, style))) unreported_ = 0;
  const bool written = output_.write(line);
  if (!written) ++unreported_;
  const std::scoped_lock lock(mutex_);
  ++taken_;
  if (!written) ++refused_;
  if (closed_) output_.close();
  changed_.notify_all();
}

std::uint64_t Destination::refused() const {
  const std::scoped_lock lock(mutex_);
  return refused_;
}

void Destination::close(std::uint64_t taken, Duration patience) {
  std::unique_lock lock(mutex_);
  const bool all = changed_.wait_for(lock, patience, [&] { return taken_ == taken; });
  closed_ = true;
  // Else the thread is about to write to it, or stuck there.
  if (all) output_.close();
}

void Formatter::format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) {
  const auto line =
      complete_line({message.payload.data(), message.payload.size()},
                    static_cast<config::LogLevel>(message.level), style_, message.time);
  out.append(line.data(), line.data() + line.size());
}

std::unique_ptr<spdlog::formatter> Formatter::clone() const {
  return std::make_unique<Formatter>(style_);
}

Sink::Sink(std::shared_ptr<Destination> destination, const LogStyle& style)
    : destination_(std::move(destination)), style_(style), formatter_(style) {}

void Sink::log(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  formatter_.format(message, line);
  destination_->take(static_cast<std::uint32_t>(message.source.line), {line.data(), line.size()},
                     style_);
}

spdlog::source_loc log_location(std::uint32_t number) {
  return {nullptr, static_cast<int>(number), nullptr};
}

}  // namespace querent::log
