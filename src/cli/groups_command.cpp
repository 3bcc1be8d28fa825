#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "cli/api_words.hpp"
#include "cli/appliance_flags.hpp"
#include "cli/appliance_view.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/show_groups.hpp"
#include "client/http_url.hpp"

namespace querent::cli {

namespace {

constexpr const char* kName = "groups";
constexpr std::size_t kMostPages = 10000;  // of 1,000 groups each

struct Options {
  std::string interface;
  bool json = false;
  bool watch = false;
};

std::string target_of(const std::string& interface, const std::string& after) {
  std::string target = "/api/v1/groups?limit=1000";
  if (!interface.empty()) target += "&interface=" + client::percent_encoded(interface);
  if (!after.empty()) target += "&after=" + client::percent_encoded(after);
  return target;
}

Result<GroupsView, client::NoAnswer> all_pages(const std::string& interface,
                                               const client::Querent& appliance) {
  GroupsView groups;
  std::set<std::string> asked;
  std::string after;
  while (asked.insert(after).second && asked.size() <= kMostPages) {
    const auto answer = appliance.ask(target_of(interface, after));
    if (!answer) return failure(answer.error());
    const auto next = groups.add(answer->json.root());
    if (!next) return groups;
    after = *next;
  }
  return failure(
      client::NoAnswer{client::NoAnswer::Kind::kWrong, "the pages of the table have no end", {}});
}

Result<std::string, client::NoAnswer> view(const Options& options,
                                           const client::Querent& appliance) {
  const auto status = appliance.ask("/api/v1/status");
  if (!status) return failure(status.error());
  const client::JsonValue root = status->json.root();
  if (!options.interface.empty()) {
    const std::string missing = missing_interface(root, options.interface);
    if (!missing.empty())
      return failure(client::NoAnswer{client::NoAnswer::Kind::kWrong, missing, {}});
  }
  const auto groups = all_pages(options.interface, appliance);
  if (!groups) return failure(groups.error());
  if (options.json) return groups->json();
  const std::string doubts = doubtful_segments(root, options.interface);
  return groups->table() + (doubts.empty() ? "" : '\n' + doubts);
}

std::function<int()> declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_option(app, "IF", options->interface, "this interface alone").group("Output");
  const auto json =
      add_flag(app, "--json", options->json, "one JSON object, with all that is known")
          .group("Output");
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

Command groups_command() {
  return {.name = kName,
          .summary = "the groups that a running querent knows: who wants what, and for how long",
          .examples = R"(  querent groups
      of all interfaces
  querent groups eth0 --watch
      of one, every two seconds
  querent groups --json | jq -r '.groups[] | select(.name == null).group'
      for a script: the groups without a name
)",
          .declare = declare};
}

}  // namespace querent::cli
