#include "cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/core.h>
#include <string_view>

#include "base/text.hpp"
#include "cli/command.hpp"

namespace querent::cli {

namespace {

using Words = std::vector<std::string>;

std::string help_of(const std::string& command) {
  return fmt::format("querent {} --help shows what there is", command);
}

std::string value_of(const CLI::Option& option) {
  return option.results().empty() ? "its value" : in_quotes(option.results().back());
}

void complain_of_flag(const CLI::App& app, const std::string& command, const std::string& word) {
  const std::string flag = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames())
      names.push_back("--" + name);
    for (const auto& name : option->get_snames())
      names.push_back("-" + name);
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const auto near = flag.starts_with("--") ? nearest(flag, candidates) : std::nullopt;
  complain(kUsage, on_one_line(flag), "no such flag",
           near ? fmt::format("did you mean {}?", *near) : help_of(command));
}

// All unknown flags, or else the first word that has no place: a word behind an unknown flag is
// likely to be its value.
bool complain_of_rest(const CLI::App& app, const std::string& command) {
  const Words rest = app.remaining();
  bool has_flag = false;
  for (const auto& word : rest) {
    if (!word.starts_with('-') || word == "-" || word == "--") continue;
    complain_of_flag(app, command, word);
    has_flag = true;
  }
  if (has_flag) return true;
  const auto surplus =
      std::find_if(rest.begin(), rest.end(), [](const auto& word) { return word != "--"; });
  if (surplus == rest.end()) return false;
  complain(kUsage, in_quotes(*surplus), "one word too many", help_of(command));
  return true;
}

// The texts of the library name the option first, in one way or another.
const CLI::Option* culprit(const CLI::App& app, std::string_view text) {
  const CLI::Option* found = nullptr;
  std::size_t found_at = std::string_view::npos;
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name();
    const auto position = text.find(name);
    if (position > found_at || position == std::string_view::npos) continue;
    const bool is_longer =
        found == nullptr || position < found_at || name.size() > found->get_name().size();
    if (!is_longer) continue;
    found = option;
    found_at = position;
  }
  return found;
}

std::string named(const CLI::Option& option) {
  const auto placeholder = option.get_type_name();
  return placeholder.empty() ? option.get_name()
                             : fmt::format("{} {}", option.get_name(), placeholder);
}

// What the exception says, after the name of the option that it is about.
std::string detail(std::string_view text, const CLI::Option& option) {
  const std::string head = option.get_name() + ": ";
  return std::string(text.starts_with(head) ? text.substr(head.size()) : text);
}

void complain_of(const CLI::App& app, const std::string& command, const CLI::ParseError& error) {
  const std::string text = error.what();
  const CLI::Option* const option = culprit(app, text);
  const std::string kind = error.get_name();
  if (option == nullptr || kind == "ExcludesError" || kind == "RequiresError") {
    complain(kUsage, command, text, help_of(command));
  } else if (kind == "RequiredError") {
    complain(kUsage, option->get_name(), "is missing",
             option->get_positional() ? help_of(command) : "say " + named(*option));
  } else if (kind == "ArgumentMismatch") {
    const bool takes_none = option->get_items_expected_max() == 0;
    const bool is_repeated = option->count() > 1;
    complain(kUsage, option->get_name(),
             takes_none    ? "takes no value"
             : is_repeated ? fmt::format("is said {} times", option->count())
                           : "its value is missing",
             is_repeated ? "say it once" : "say " + named(*option));
  } else if (kind == "ConversionError") {
    complain(kUsage, option->get_name(), fmt::format("{} is not a value for it", value_of(*option)),
             "say " + named(*option));
  } else if (kind == "ValidationError") {
    complain(kUsage, option->get_name(),
             fmt::format("{} is not allowed: {}", value_of(*option), detail(text, *option)));
  } else {
    complain(kUsage, option->get_name(), detail(text, *option), help_of(command));
  }
}

bool complain_of_empty_value(const std::string& name) {
  complain(kUsage, name, "its value is empty", "say one, or leave it out");
  return true;
}

// The library would take the next word for the value.
bool complain_of_empty_value(const Words& words) {
  for (const auto& word : words) {
    if (word == "--") break;
    if (!word.starts_with("--") || word.find('=') != word.size() - 1) continue;
    return complain_of_empty_value(on_one_line(word.substr(0, word.size() - 1)));
  }
  return false;
}

bool complain_of_empty_value(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const Words& values = option->results();
    const bool is_flag = option->get_items_expected_max() == 0;
    if (is_flag || std::find(values.begin(), values.end(), "") == values.end()) continue;
    return complain_of_empty_value(option->get_name());
  }
  return false;
}

}  // namespace

Parsed parse(CLI::App& app, const std::string& command, const Words& words) {
  if (complain_of_empty_value(words)) return Parsed::kWrong;
  app.allow_extras();
  try {
    app.parse(Words(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return Parsed::kHelp;
  } catch (const CLI::ParseError& error) {
    if (!complain_of_rest(app, command)) complain_of(app, command, error);
    return Parsed::kWrong;
  }
  const bool wrong = complain_of_rest(app, command) || complain_of_empty_value(app);
  return wrong ? Parsed::kWrong : Parsed::kRead;
}

}  // namespace querent::cli
