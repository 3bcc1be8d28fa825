#include "cli/watch_show.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/line_output.hpp"
#include "probe/describe.hpp"
#include "probe/describe_json.hpp"

namespace querent::cli {

bool WatchShow::is_wanted(const probe::Observation& observation) const {
  return options_.groups.empty() ||
         std::any_of(options_.groups.begin(), options_.groups.end(),
                     [&](Address group) { return observation.names(group); });
}

std::string WatchShow::line(const net::CapturedFrame& frame,
                            const probe::Observation& observation) {
  if (options_.json) {
    return probe::describe_json(observation, {.time = frame.time, .interface = options_.interface});
  }
  if (!options_.relative) return clock_text(frame.time) + " " + probe::describe(observation);
  if (!first_) first_ = frame.time;
  const auto since = std::chrono::duration<double>(frame.time - *first_);
  return fmt::format("{:12.3f} {}", since.count(), probe::describe(observation));
}

std::optional<int> WatchShow::show(const net::CapturedFrame& frame) {
  const auto observation = probe::look(type_, frame.bytes, observer_);
  if (!observation || !is_wanted(*observation)) {
    ++others_;
    return std::nullopt;
  }
  if (writer_) {
    auto written = writer_->write(frame);
    if (written) written = writer_->flush();
    if (!written) {
      closed_ = written.error().kind == net::CaptureError::Kind::kClosed;
      if (closed_) return kDone;
      return complain(kFailed, written.error().what, written.error().why);
    }
  }
  if (!options_.silent) {
    const Written written = print_line(line(frame, *observation));
    closed_ = written == Written::kClosed;
    if (written != Written::kYes) return closed_ ? kDone : kFailed;
  }
  ++shown_;
  if (!observation->packet || observation->rejection) ++wrong_;
  if (shown_ == options_.count) return kDone;
  return std::nullopt;
}

void WatchShow::summarize(std::uint64_t dropped) const {
  if (closed_) return;
  std::string text = fmt::format("{} message{} shown", shown_, shown_ == 1 ? "" : "s");
  if (wrong_ > 0) text += fmt::format(", {} of them wrong", wrong_);
  if (others_ > 0) text += fmt::format("; {} other frame{}", others_, others_ == 1 ? "" : "s");
  if (dropped > 0) text += fmt::format("; {} lost: there was no room for them", dropped);
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace querent::cli
