#include "cli/settings_flags.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <utility>
#include <vector>

#include "config/options.hpp"
#include "web/http_server.hpp"

namespace querent::cli {

namespace {

struct Declared {
  const config::Option* option = nullptr;
  const CLI::Option* said = nullptr;
  const CLI::Option* shorthand = nullptr;
};

// What it is for, and below that what may be said.
std::string description(const config::Option& option) {
  std::string text(option.help);
  text += '\n';
  if (!option.placeholder.empty())
    text += fmt::format("{}: {}; ", option.placeholder, option.allowed);
  text += fmt::format("default: {}", option.by_default);
  return option.variable.empty() ? text : fmt::format("{}; {}", text, option.variable);
}

std::string names(const config::Option& option) {
  const std::string flag(option.flag);
  return option.letter == 0 ? flag : fmt::format("-{},{}", option.letter, flag);
}

Declared declare(CLI::App& app, const config::Option& option) {
  Declared declared{.option = &option};
  const std::string group(option.group);
  if (option.kind == config::Kind::kSwitch) {
    declared.said = app.add_flag(names(option))
                        ->description(description(option))
                        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                        ->group(group);
  } else {
    declared.said = app.add_option(names(option), CLI::callback_t{}, description(option))
                        ->type_name(std::string(option.placeholder))
                        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                        ->group(group);
  }
  if (!option.shorthand.flags.empty()) {
    const std::string meaning = fmt::format("{} {}", option.flag, option.shorthand.value);
    declared.shorthand = app.add_flag(std::string(option.shorthand.flags))
                             ->description(meaning)
                             ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                             ->group(group);
  }
  return declared;
}

void collect(const Declared& declared, config::SettingList& into) {
  const config::Option& option = *declared.option;
  const auto& said = declared.said->results();
  if (said.empty() && declared.shorthand != nullptr && declared.shorthand->count() > 0)
    into.push_back({&option, std::string(option.shorthand.value), declared.shorthand->get_name()});
  for (const auto& text : said)
    into.push_back({&option, text, std::string(option.flag)});
}

}  // namespace

std::function<config::Given()> declare_settings(CLI::App& app) {
  std::vector<Declared> declared;
  for (const config::Option& option : config::options())
    declared.push_back(declare(app, option));
  return [declared = std::move(declared)] {
    config::Given given{.flags = {},
                        .environment = config::process_environment(),
                        .web_has_ipv6 = web::HttpServer::has_ipv6()};
    for (const Declared& one : declared)
      collect(one, given.flags);
    return given;
  };
}

Result<config::Config, int> configure(const config::Given& given) {
  auto read = config::load_config(given);
  if (!read) {
    for (const auto& error : read.error())
      complain(kUsage, error.what, error.why, error.attempt);
    return failure(kUsage);
  }
  for (const auto& warning : read->warnings)
    warn(warning.what, warning.why, warning.attempt);
  return std::move(read->config);
}

}  // namespace querent::cli
