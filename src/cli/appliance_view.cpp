#include "cli/appliance_view.hpp"

#include <chrono>
#include <fmt/core.h>
#include <optional>
#include <utility>

#include "cli/appliance_flags.hpp"
#include "cli/command.hpp"
#include "cli/command_loop.hpp"
#include "cli/screen.hpp"
#include "os/clock.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

constexpr Duration kBetween = 2s;

class Watching {
 public:
  Watching(std::string command, const client::Querent& appliance, const ApplianceView& view)
      : command_(std::move(command)), appliance_(appliance), view_(view) {}

  // When to call it again; nothing: it is over, with code().
  std::optional<Instant> turn() {
    const Instant next = os::now() + kBetween;
    const auto text = view_(appliance_);
    if (!text) return tell(text.error()) ? std::optional(next) : std::nullopt;
    begun_ = true;
    complaint_.clear();
    return show(*text) ? std::optional(next) : std::nullopt;
  }

  int code() const { return code_; }

 private:
  bool show(const std::string& text) {
    const std::string head = screen_.is_terminal() ? ", every 2s; Ctrl-C ends\n" : "\n";
    const Written written =
        screen_.show(clock_text(wall_clock()).substr(0, kToSeconds) + head + text);
    code_ = written == Written::kLost ? kFailed : kDone;
    return written == Written::kYes;
  }

  // Whether to go on.
  bool tell(const client::NoAnswer& none) {
    if (none.kind == client::NoAnswer::Kind::kInterrupted) return true;  // the loop ends by itself
    if (!begun_ || none.kind == client::NoAnswer::Kind::kDenied) {
      code_ = complain_of(command_, none);
      return false;
    }
    if (screen_.is_terminal()) return show(none.why + '\n');
    if (none.why != complaint_) warn(command_, none.why, "asks on");
    complaint_ = none.why;
    return true;
  }

  static constexpr std::size_t kToSeconds = 8;

  std::string command_;
  const client::Querent& appliance_;
  const ApplianceView& view_;
  Screen screen_;
  bool begun_ = false;
  std::string complaint_;  // the last one, while nothing answers
  int code_ = kDone;
};

}  // namespace

int show_once(const std::string& command, const client::Querent& appliance,
              const ApplianceView& view) {
  const auto text = view(appliance);
  return text ? print(*text) : complain_of(command, text.error());
}

int show_again_and_again(const std::string& command, client::Querent appliance,
                         const ApplianceView& view) {
  auto loop = CommandLoop::open();
  if (!loop) return complain(kFailed, command, loop.error().to_string());
  appliance.set_interrupt(loop->interrupt());
  Watching watching(command, appliance, view);
  const auto ran = loop->run([&] { return watching.turn(); });
  return ran ? watching.code() : complain(kFailed, command, ran.error().to_string());
}

}  // namespace querent::cli
