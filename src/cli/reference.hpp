#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

// What the command line takes, as values: --help, the manual and the completions are made of it.

namespace querent::cli {

struct OptionFacts {
  std::vector<std::string> letters;  // "q"
  std::vector<std::string> words;    // "query-interval"
  std::string placeholder;           // "D"; of a positional one its name
  bool is_positional = false;
  bool is_required = false;
  bool is_repeatable = false;
  bool takes_value = false;
  std::string group;                 // the heading in --help
  std::string text;                  // lines
  std::vector<std::string> choices;  // all that it takes; empty: it takes other things
};

struct CommandFacts {
  std::string name;
  std::string summary;
  std::string examples;              // whole lines
  std::vector<OptionFacts> options;  // in the order of their declaration
};

// What a command declared on `app`.
CommandFacts facts_of(const Command& command, const CLI::App& app);
std::vector<CommandFacts> facts_of(std::span<const Command> commands);

// The command that needs no name; nullptr: there is none.
const CommandFacts* without_a_name(std::span<const CommandFacts> commands);
inline constexpr std::string_view kWithoutAName = "run";

// The words of "1, 2, 3 or off"; empty where `text` is not just words to choose from.
std::vector<std::string> choices_in(std::string_view text);

}  // namespace querent::cli
