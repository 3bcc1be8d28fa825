#include <algorithm>
#include <memory>
#include <string>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/settings_flags.hpp"
#include "config/options.hpp"
#include "config/reader.hpp"
#include "config/text.hpp"

namespace querent::cli {

namespace {

int check(config::Given given, const std::string& file) {
  const config::Option& option = config::config_file_option();
  const auto other = std::find_if(given.flags.begin(), given.flags.end(),
                                  [&option](const auto& flag) { return flag.option == &option; });
  if (!file.empty() && other != given.flags.end()) {
    return complain(
        kUsage, "check",
        in_quotes(file) + " and --config " + in_quotes(other->text) + ": only one can be checked",
        "leave one out");
  }
  if (!file.empty()) given.flags.push_back({&option, file, {}});
  const auto config = configure(given);
  if (!config) return config.error();
  const std::string read =
      config->file ? "# In force with " + *config->file + "\n" : "# In force without a file\n";
  return print(read + config::to_toml(*config));
}

std::function<int()> declare(CLI::App& app) {
  auto file = std::make_shared<std::string>();
  add_option(app, "FILE", *file, "the configuration to check; without it, what run would read")
      .group("Configuration");
  auto given = declare_settings(app);
  return [file, given = std::move(given)] { return check(given(), *file); };
}

}  // namespace

Command check_command() {
  return {
      .name = "check",
      .summary = "reads the configuration, prints what is in force, or each error with its line",
      .examples =
          "  querent check /etc/querent/querent.toml\n"
          "  querent check querent.toml -i eth0    # with the flags of run\n"
          "  querent check                         # what run would read\n",
      .declare = &declare,
  };
}

}  // namespace querent::cli
