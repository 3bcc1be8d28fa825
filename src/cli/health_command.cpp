#include <chrono>
#include <fmt/core.h>
#include <memory>
#include <string>
#include <utility>

#include "cli/appliance_flags.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"

namespace querent::cli {

using namespace std::chrono_literals;

namespace {

constexpr const char* kName = "health";
constexpr Duration kPatience = 1500ms;  // below the shortest usual time-out of who runs it
constexpr int kUnavailable = 503;

struct Question {
  const char* path;
  const char* good;  // also the member of the answer
};

int tell(const client::ApiAnswer& answer, const Question& question) {
  const client::JsonValue root = answer.json.root();
  const auto good = root[question.good].truth();
  if (!good) return complain(kFailed, kName, "what answers is not querent", "say --url");
  if (*good) return print(fmt::format("{}\n", question.good));
  std::string text;
  for (const client::JsonValue reason : root["reasons"].items())
    text += fmt::format("not {}: {}\n", question.good, reason.text_or("?"));
  static_cast<void>(print(text.empty() ? fmt::format("not {}\n", question.good) : text));
  return kFailed;
}

std::function<int()> declare(CLI::App& app) {
  const auto ready = std::make_shared<bool>(false);
  add_flag(app, "--ready", *ready,
           "whether somebody asks on every interface that is there, this host or another")
      .group("Question");
  // Docker's HEALTHCHECK knows 0 and 1: what nobody said on this command line is no usage.
  return [ready, appliance = declare_appliance_flags(app, kFailed)]() -> int {
    auto asked = appliance();
    if (!asked) return asked.error();
    asked->set_patience(kPatience);
    const Question question =
        *ready ? Question{"/readyz", "ready"} : Question{"/healthz", "healthy"};
    const auto answer = asked->ask(question.path, {kUnavailable});
    return answer ? tell(*answer, question) : complain_of(kName, answer.error());
  };
}

}  // namespace

Command health_command() {
  return {.name = kName,
          .summary = "exit code 0 if the running querent is well, 1 and the reasons if it is not",
          .examples = R"(  querent health
      ends after 1.5 s at the latest
  querent health --ready && echo 'multicast is kept alive'
      asks for more: that somebody asks, on every interface
  HEALTHCHECK --interval=30s --timeout=2s CMD ["querent", "health"]
      in a Dockerfile
)",
          .declare = declare};
}

}  // namespace querent::cli
