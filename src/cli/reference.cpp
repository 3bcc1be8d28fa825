#include "cli/reference.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>

#include "cli/inject_kind.hpp"
#include "config/options.hpp"

namespace querent::cli {

namespace {

bool is_choice(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char letter) {
    return std::islower(letter) != 0 || std::isdigit(letter) != 0;
  });
}

std::vector<std::string> choices_of(const OptionFacts& facts) {
  if (facts.is_positional) return choices_in(facts.text);
  if (!facts.takes_value || facts.words.empty()) return {};
  if (facts.placeholder == "KIND") {
    std::vector<std::string> names;
    for (const InjectKind& kind : all_inject_kinds())
      names.emplace_back(kind.name);
    return names;
  }
  const config::Option* const setting = config::find_option("--" + facts.words.front());
  return setting == nullptr ? std::vector<std::string>{} : choices_in(setting->allowed);
}

OptionFacts facts_of(const CLI::Option& option) {
  OptionFacts facts{.letters = option.get_snames(),
                    .words = option.get_lnames(),
                    .placeholder = option.get_type_name(),
                    .is_positional = option.get_positional(),
                    .is_required = option.get_required(),
                    .is_repeatable = option.get_items_expected_max() > 1,
                    .group = option.get_group(),
                    .text = option.get_description()};
  if (facts.is_positional) facts.placeholder = option.get_name(true);
  facts.takes_value = option.get_items_expected_max() > 0 && !facts.is_positional;
  facts.choices = choices_of(facts);
  return facts;
}

}  // namespace

CommandFacts facts_of(const Command& command, const CLI::App& app) {
  CommandFacts facts{.name = command.name,
                     .summary = command.summary,
                     .examples = command.examples,
                     .options = {}};
  for (const CLI::Option* option : app.get_options()) {
    const bool hidden = option->get_group().empty() || option == app.get_help_ptr();
    if (!hidden) facts.options.push_back(facts_of(*option));
  }
  return facts;
}

std::vector<CommandFacts> facts_of(std::span<const Command> commands) {
  std::vector<CommandFacts> all;
  for (const Command& command : commands) {
    CLI::App app;
    static_cast<void>(command.declare(app));
    all.push_back(facts_of(command, app));
  }
  return all;
}

const CommandFacts* without_a_name(std::span<const CommandFacts> commands) {
  const auto found = std::find_if(commands.begin(), commands.end(), [](const auto& command) {
    return command.name == kWithoutAName;
  });
  return found == commands.end() ? nullptr : &*found;
}

std::vector<std::string> choices_in(std::string_view text) {
  std::vector<std::string> choices;
  const auto take = [&](std::string_view word) {
    choices.emplace_back(word);
    return is_choice(word);
  };
  constexpr std::string_view kOr = " or ";
  const auto last = text.rfind(kOr);
  if (last == std::string_view::npos) return {};
  auto rest = text.substr(0, last);
  for (auto comma = rest.find(", "); comma != std::string_view::npos; comma = rest.find(", ")) {
    if (!take(rest.substr(0, comma))) return {};
    rest.remove_prefix(comma + 2);
  }
  if (!take(rest) || !take(text.substr(last + kOr.size()))) return {};
  return choices;
}

}  // namespace querent::cli
