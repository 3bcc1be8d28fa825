#include "cli/help.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <string_view>
#include <utility>
#include <vector>

namespace querent::cli {

namespace {

constexpr std::size_t kTextColumn = 30;
constexpr std::size_t kWidth = 96;

// "-q, --query-interval D"
std::string left_column(const OptionFacts& option) {
  std::string text;
  const auto add = [&](std::string_view dashes, const std::string& name) {
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", dashes, name);
  };
  for (const auto& letter : option.letters)
    add("-", letter);
  if (text.empty() && option.is_positional) text = option.placeholder;
  if (text.empty()) text = "    ";
  for (const auto& word : option.words)
    text == "    " ? void(text += "--" + word) : add("--", word);
  return option.takes_value && !option.placeholder.empty() ? text + ' ' + option.placeholder : text;
}

// Broken between words and where it has line breaks; further lines are indented by `column`.
std::string wrapped(std::string_view text, std::size_t column) {
  const std::string next_line = '\n' + std::string(column, ' ');
  std::string lines;
  std::size_t at = column;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find_first_of(" \n"));
    if (at > column && at + 1 + word.size() > kWidth) {
      lines += next_line;
      at = column;
    } else if (at > column) {
      lines += ' ';
      ++at;
    }
    lines += word;
    at += word.size();
    const bool breaks = word.size() < text.size() && text[word.size()] == '\n';
    if (breaks) lines += next_line;
    if (breaks) at = column;
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines;
}

std::string row(const std::string& left, std::string_view text, std::size_t column) {
  std::string line = "  " + left;
  if (line.size() + 2 > column) line += '\n' + std::string(column, ' ');
  const std::size_t last = line.rfind('\n') == std::string::npos ? line.size() : column;
  if (last < column) line.append(column - last, ' ');
  return line + wrapped(text, column) + '\n';
}

std::string heading(std::string_view text) {
  const bool is_bold = has_colour(1);
  return fmt::format("\n{}{}:{}\n", is_bold ? "\x1b[1m" : "", text, is_bold ? "\x1b[0m" : "");
}

std::string options_text(const CommandFacts& command) {
  std::vector<std::pair<std::string, std::string>> groups;
  for (const OptionFacts& option : command.options) {
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& known) { return known.first == option.group; });
    if (group == groups.end()) group = groups.insert(groups.end(), {option.group, {}});
    group->second += row(left_column(option), option.text, kTextColumn);
  }
  std::string text;
  for (const auto& [name, rows] : groups)
    text += heading(name) + rows;
  return text + heading("Help") + row("-h, --help", "this text", kTextColumn) +
         row("    --version", "version, commit, compiler and libraries", kTextColumn);
}

std::string usage(const CommandFacts& command) {
  std::string text = "Usage: querent " + command.name + " [OPTION...]";
  for (const OptionFacts& option : command.options)
    if (option.is_positional)
      text += option.is_required ? ' ' + option.placeholder : " [" + option.placeholder + ']';
  return text + '\n';
}

constexpr std::string_view kExitCodes =
    "\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 a permission is missing.\n";

}  // namespace

std::string help(const CommandFacts& command) {
  std::string text = usage(command) + '\n' + command.summary + ".\n" + options_text(command);
  if (!command.examples.empty()) text += heading("Examples") + command.examples;
  if (!text.ends_with('\n')) text += '\n';
  return text + std::string(kExitCodes);
}

std::string help(std::span<const CommandFacts> known) {
  const CommandFacts* const by_default = without_a_name(known);
  std::string text =
      "querent keeps IP multicast alive where switches snoop but nobody asks: an IGMP and MLD "
      "querier.\n\n";
  if (by_default != nullptr)
    text += "Usage: querent [run] -i IF... [OPTION...]\n       ";
  else
    text += "Usage: ";
  text += "querent COMMAND [OPTION...]\n" + heading("Commands");
  for (const CommandFacts& command : known)
    text += row(command.name, command.summary, 14);
  if (by_default != nullptr)
    text += "\nThe options of run, which needs no name:\n" + options_text(*by_default);
  return text + "\nquerent COMMAND --help shows the options of a command, with examples.\n" +
         std::string(kExitCodes);
}

}  // namespace querent::cli
