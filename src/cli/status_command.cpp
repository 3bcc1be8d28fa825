#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

#include "cli/api_words.hpp"
#include "cli/appliance_flags.hpp"
#include "cli/appliance_view.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/show_status.hpp"

namespace querent::cli {

namespace {

constexpr const char* kName = "status";

struct Options {
  std::string interface;
  bool json = false;
  bool watch = false;
};

std::string as_json(const client::ApiAnswer& answer, const std::string& interface) {
  const auto json =
      interface.empty() ? answer.json : answer.json.with_only("interfaces", "name", interface);
  if (::isatty(STDOUT_FILENO) == 1) return json.root().pretty() + '\n';
  if (!interface.empty()) return json.root().compact() + '\n';
  return answer.text.ends_with('\n') ? answer.text : answer.text + '\n';
}

Result<std::string, client::NoAnswer> view(const Options& options,
                                           const client::Querent& appliance) {
  const auto answer = appliance.ask("/api/v1/status");
  if (!answer) return failure(answer.error());
  const client::JsonValue status = answer->json.root();
  if (!options.interface.empty()) {
    const std::string missing = missing_interface(status, options.interface);
    if (!missing.empty())
      return failure(client::NoAnswer{client::NoAnswer::Kind::kWrong, missing, {}});
  }
  if (options.json) return as_json(*answer, options.interface);
  return show_status(status, {.interface = options.interface, .colour = has_colour(STDOUT_FILENO)});
}

std::function<int()> declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_option(app, "IF", options->interface, "this interface alone").group("Output");
  const auto json = add_flag(app, "--json", options->json, "what the API answers").group("Output");
  add_flag(app, "--watch", options->watch, "again every two seconds, until Ctrl-C")
      .group("Output")
      .excludes(json);
  return [options, appliance = declare_appliance_flags(app)] {
    const auto asked = appliance();
    if (!asked) return asked.error();
    const auto shown = [options](const client::Querent& whom) { return view(*options, whom); };
    return options->watch ? show_again_and_again(kName, *asked, shown)
                          : show_once(kName, *asked, shown);
  };
}

}  // namespace

Command status_command() {
  return {.name = kName,
          .summary = "what a running querent does: who asks on each interface, and what is wrong",
          .examples = R"(  querent status
      of the querent on this machine
  querent status eth0 --watch
      one interface, every two seconds
  querent status --url http://192.168.1.5:9224 --user admin:secret
      of another one, which wants a user and a password
  querent status --json | jq '.interfaces[].segments[].state'
      for a script
)",
          .declare = declare};
}

}  // namespace querent::cli
