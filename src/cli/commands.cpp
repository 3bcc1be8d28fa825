#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/core.h>
#include <iterator>
#include <string>
#include <string_view>

#include "app/build_info.hpp"
#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/parse.hpp"
#include "cli/reference.hpp"

namespace querent::cli {

namespace {

using Words = std::vector<std::string>;

int print_version() {
  return print(fmt::format("querent {} (commit {})\ncompiler: {}\nlibraries: {}\n", app::version(),
                           app::commit(), app::compiler(), app::libraries()));
}

// Anywhere before "--", also behind what would be an error.
bool asks_for(const Words& words, std::string_view flag) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, flag) != end;
}

const Command* find(std::span<const Command> known, std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Command& command) { return command.name == name; });
  return found == known.end() ? nullptr : &*found;
}

int run(const Command& command, const Words& words) {
  CLI::App app;
  const auto action = command.declare(app);
  if (asks_for(words, "-h") || asks_for(words, "--help"))
    return print(help(facts_of(command, app)));
  const Parsed parsed = parse(app, command.name, words);
  if (parsed == Parsed::kHelp) return print(help(facts_of(command, app)));
  return parsed == Parsed::kWrong ? kUsage : action();
}

int complain_of_word(const std::string& word, std::span<const Command> known) {
  std::vector<std::string_view> names;
  for (const Command& command : known)
    names.emplace_back(command.name);
  const auto near = nearest(word, names);
  return complain(
      kUsage, in_quotes(word), "no such command",
      near ? fmt::format("did you mean {}?", *near) : "querent --help shows the commands");
}

}  // namespace

std::vector<Command> commands() {
  std::vector<Command> all;
  all.reserve(std::size(kCommands));
  for (const auto build : kCommands)
    all.push_back(build());
  return all;
}

int run_command_line(std::span<const char* const> arguments) {
  return run_command_line(arguments, commands());
}

int run_command_line(std::span<const char* const> arguments, std::span<const Command> known) {
  Words words(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (words.empty()) {
    const std::string text = help(facts_of(known));
    std::fwrite(text.data(), 1, text.size(), stderr);
    return kUsage;
  }
  if (asks_for(words, "--version")) return print_version();
  const std::string first = words.front();
  if (first == "-h" || first == "--help") return print(help(facts_of(known)));
  if (const Command* const named = find(known, first)) {
    words.erase(words.begin());
    return run(*named, words);
  }
  const Command* const by_default = find(known, kWithoutAName);
  if (!first.starts_with('-') || by_default == nullptr) return complain_of_word(first, known);
  return run(*by_default, words);
}

}  // namespace querent::cli
