#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

#include "base/text.hpp"
#include "cli/appliance_flags.hpp"
#include "cli/command_loop.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/line_output.hpp"
#include "cli/show_events.hpp"
#include "os/clock.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

constexpr const char* kName = "events";
constexpr Duration kBetween = 1s;

struct Options {
  std::string latest = "50";
  bool follow = false;
  bool json = false;
};

class Events {
 public:
  Events(const Options& options, const client::Querent& appliance)
      : appliance_(appliance),
        reader_(parse_number<std::size_t>(options.latest).value_or(0)),
        follow_(options.follow),
        json_(options.json),
        colour_(has_colour(STDOUT_FILENO)) {}

  // When to call it again; nothing: it is over, with code().
  std::optional<Instant> turn() {
    const Instant next = os::now() + kBetween;
    bool goes_on = true;
    // After a restart there is more to ask for, but not for ever.
    bool again = true;
    for (int asked = 0; goes_on && again && asked < 2; ++asked) {
      again = false;
      const auto answer = appliance_.ask(reader_.target());
      goes_on = answer ? show(answer->json.root(), again) : tell(answer.error());
    }
    return goes_on && follow_ ? std::optional(next) : std::nullopt;
  }

  int code() const { return code_; }

 private:
  // Whether to go on; `again`: whether to ask at once.
  bool show(client::JsonValue page, bool& again) {
    if (absent_) warn(kName, "it answers again");
    absent_ = false;
    const auto news = reader_.take(page);
    again = news.again;
    for (const std::string& note : news.notes)
      warn(kName, note);
    return std::all_of(news.events.begin(), news.events.end(),
                       [this](client::JsonValue event) { return print(event); });
  }

  bool print(client::JsonValue event) {
    const Written written = print_line(json_ ? event.compact() : event_line(event, colour_));
    if (written == Written::kLost) code_ = kFailed;
    return written == Written::kYes;
  }

  bool tell(const client::NoAnswer& none) {
    if (none.kind == client::NoAnswer::Kind::kInterrupted) return true;  // the loop ends by itself
    if (!follow_ || none.kind != client::NoAnswer::Kind::kAbsent) {
      code_ = complain_of(kName, none);
      return false;
    }
    if (!absent_) warn(kName, none.why, "waits for it");
    absent_ = true;
    return true;
  }

  const client::Querent& appliance_;
  EventReader reader_;
  bool follow_;
  bool json_;
  bool colour_;
  bool absent_ = false;
  int code_ = kDone;
};

int show(const Options& options, const client::Querent& appliance) {
  Events events(options, appliance);
  events.turn();
  return events.code();
}

int follow(const Options& options, client::Querent appliance) {
  auto loop = CommandLoop::open();
  if (!loop) return complain(kFailed, kName, loop.error().to_string());
  appliance.set_interrupt(loop->interrupt());
  Events events(options, appliance);
  const auto ran = loop->run([&] { return events.turn(); });
  return ran ? events.code() : complain(kFailed, kName, ran.error().to_string());
}

std::string latest_fault(const std::string& text) {
  const auto latest = parse_number<std::size_t>(text);
  return latest && *latest <= EventReader::kMost ? "" : "it must be from 0 to 1000";
}

std::function<int()> declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_flag(app, "-f,--follow", options->follow, "goes on with what happens, until Ctrl-C")
      .group("Output");
  add_option(app, "-n,--lines", options->latest,
             "of what happened, the latest N (50; at most 1000)")
      .type_name("N")
      .check(latest_fault)
      .group("Output");
  add_flag(app, "--json", options->json, "one JSON object a line, with all that is known")
      .group("Output");
  return [options, appliance = declare_appliance_flags(app)] {
    const auto asked = appliance();
    if (!asked) return asked.error();
    return options->follow ? follow(*options, *asked) : show(*options, *asked);
  };
}

}  // namespace

Command events_command() {
  return {.name = kName,
          .summary = "what happened to a running querent: elections, links, conflicts",
          .examples = R"(  querent events
      the latest 50, the last one at the end
  querent events -f
      these, and what happens from now on, also when querent is started anew
  querent events -f -n 0 --json
      only what is new, for a script
)",
          .declare = declare};
}

}  // namespace querent::cli
