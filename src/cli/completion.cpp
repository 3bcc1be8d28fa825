#include "cli/completion.hpp"

#include <fmt/core.h>
#include <string_view>

namespace querent::cli {

namespace {

using Commands = std::span<const CommandFacts>;

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

std::vector<std::string> names_of(Commands commands) {
  std::vector<std::string> names;
  for (const CommandFacts& command : commands)
    names.push_back(command.name);
  return names;
}

std::vector<std::string> flags_of(const OptionFacts& option) {
  std::vector<std::string> flags;
  for (const auto& letter : option.letters)
    flags.push_back("-" + letter);
  for (const auto& word : option.words)
    flags.push_back("--" + word);
  return flags;
}

// What every command takes.
constexpr std::string_view kHelpFlags = "-h --help --version";
constexpr std::string_view kHelpText = "what there is";
constexpr std::string_view kVersionText = "version, commit, compiler and libraries";

bool is_interface(const OptionFacts& option) {
  return option.placeholder == "IF";
}

bool is_file(const OptionFacts& option) {
  return option.placeholder == "FILE";
}

// For inside single quotes, of any of the shells.
std::string first_line(std::string_view text) {
  std::string line;
  for (const char letter : text.substr(0, text.find('\n')))
    line += letter == '\'' ? "'\\''" : std::string(1, letter);
  return line;
}

// ---- bash

constexpr std::string_view kBashHead = R"sh(# bash completion of querent: `querent completion bash`.

_querent_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# Not by compgen: it would run what is in a name.
_querent_interfaces() {
  local path
  for path in /sys/class/net/*/; do
    path=${path%/} path=${path##*/}
    [[ $path != "$1"* ]] || COMPREPLY+=("$(printf %q "$path")")
  done
}

_querent_files() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_querent() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=run flags=
  COMPREPLY=()
  # "=" is a word of its own here.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
)sh";

// Empty: nobody knows.
std::string bash_value(const OptionFacts& option) {
  if (is_interface(option)) return "_querent_interfaces \"$cur\"";
  if (is_file(option)) return "_querent_files \"$cur\"";
  if (option.choices.empty()) return {};
  return fmt::format("_querent_words '{}' \"$cur\"", joined(option.choices, " "));
}

std::string bash_arm(const std::vector<std::string>& flags, const std::string& value) {
  if (flags.empty()) return {};
  return fmt::format("        {})\n{}          return\n          ;;\n", joined(flags, " | "),
                     value.empty() ? "" : "          " + value + '\n');
}

std::string bash_command(const CommandFacts& command) {
  std::string flags(kHelpFlags);
  std::string arms;
  std::string positional;
  std::vector<std::string> unknown;  // flags whose value nobody knows
  for (const OptionFacts& option : command.options) {
    const std::string value = bash_value(option);
    if (option.is_positional) {
      if (positional.empty()) positional = value;
      continue;
    }
    const auto names = flags_of(option);
    flags += ' ' + joined(names, " ");
    if (option.takes_value && value.empty())
      unknown.insert(unknown.end(), names.begin(), names.end());
    if (option.takes_value && !value.empty()) arms += bash_arm(names, value);
  }
  arms += bash_arm(unknown, {});
  std::string text = fmt::format("    {})\n      flags='{}'\n", command.name, flags);
  if (!arms.empty()) text += "      case $prev in\n" + arms + "      esac\n";
  if (!positional.empty()) text += "      [[ $cur == -* ]] || " + positional + '\n';
  return text + "      ;;\n";
}

// ---- zsh

constexpr std::string_view kZshHead = R"(#compdef querent
# zsh completion of querent: `querent completion zsh`.

_querent_interfaces() {
  local -a names=(/sys/class/net/*(N:t))
  compadd -a names
}

)";

// Inside an _arguments specification.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '[' || letter == ']' || letter == ':' || letter == '\\') out += '\\';
    out += letter;
  }
  return first_line(out);
}

std::string zsh_value(const OptionFacts& option) {
  std::string action = " ";
  if (is_interface(option)) action = "_querent_interfaces";
  if (is_file(option)) action = "_files";
  if (!option.choices.empty()) action = '(' + joined(option.choices, " ") + ')';
  return fmt::format(":{}:{}", option.placeholder, action);
}

std::string zsh_option(const OptionFacts& option) {
  if (option.is_positional) {
    // ":message:action" must be there, "::" may be, "*:" may be repeated.
    const std::string_view head = option.is_repeatable ? "*" : option.is_required ? "" : ":";
    return fmt::format("'{}{}'", head, zsh_value(option));
  }
  std::vector<std::string> forms;
  for (const auto& letter : option.letters)
    forms.push_back(fmt::format("-{}{}", letter, option.takes_value ? "+" : ""));
  for (const auto& word : option.words)
    forms.push_back(fmt::format("--{}{}", word, option.takes_value ? "=" : ""));
  const std::string head =
      option.is_repeatable ? "*" : fmt::format("({})", joined(flags_of(option), " "));
  const std::string tail =
      fmt::format("[{}]{}", zsh_text(option.text), option.takes_value ? zsh_value(option) : "");
  if (forms.size() == 1) return fmt::format("'{}{}{}'", head, forms.front(), tail);
  return fmt::format("'{}'{{{}}}'{}'", head, joined(forms, ","), tail);
}

std::string zsh_command(const CommandFacts& command) {
  std::string text = fmt::format("    {})\n      _arguments -s", command.name);
  for (const OptionFacts& option : command.options)
    text += " \\\n        " + zsh_option(option);
  return text + fmt::format(
                    " \\\n        '(- *)'{{-h,--help}}'[{}]' \\\n        '(- *)--version[{}]'\n"
                    "      ;;\n",
                    kHelpText, kVersionText);
}

// ---- fish

constexpr std::string_view kFishHead = R"(# fish completion of querent: `querent completion fish`.

function __querent_interfaces
    for path in /sys/class/net/*
        string replace -r '.*/' '' $path
    end
end

)";

std::string fish_value(const OptionFacts& option) {
  if (is_interface(option)) return " -x -a '(__querent_interfaces)'";
  if (is_file(option)) return " -r -F";
  if (!option.choices.empty()) return fmt::format(" -x -a '{}'", joined(option.choices, " "));
  return " -x";
}

std::string fish_option(const CommandFacts& command, const OptionFacts& option) {
  std::string line = fmt::format("complete -c querent -n '__querent_is {}'", command.name);
  if (option.is_positional) {
    const std::string value = fish_value(option);
    // Without a flag, -x would only say that it is no file, as all are already.
    return line + (value.ends_with(" -F") ? " -F" : value.substr(value.find(" -x") + 3)) + '\n';
  }
  for (const auto& letter : option.letters)
    line += " -s " + letter;
  for (const auto& word : option.words)
    line += " -l " + word;
  if (option.takes_value) line += fish_value(option);
  return line + fmt::format(" -d '{}'\n", first_line(option.text));
}

bool can_complete(const OptionFacts& option) {
  return !option.is_positional || is_interface(option) || is_file(option) ||
         !option.choices.empty();
}

}  // namespace

std::string bash_completion(Commands commands) {
  const auto names = names_of(commands);
  std::string text(kBashHead);
  text += fmt::format(
      "  if ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then\n    _querent_words '{}' \"$cur\"\n"
      "    return\n  fi\n  case ${{COMP_WORDS[1]}} in\n    {}) command=${{COMP_WORDS[1]}} ;;\n"
      "  esac\n  case $command in\n",
      joined(names, " "), joined(names, " | "));
  for (const CommandFacts& command : commands)
    text += bash_command(command);
  return text +
         "  esac\n  [[ $cur != -* ]] || _querent_words \"$flags\" \"$cur\"\n}\n\n"
         "complete -F _querent querent\n";
}

std::string zsh_completion(Commands commands) {
  std::string text(kZshHead);
  text += "_querent() {\n  local command=run\n  local -a commands=(\n";
  for (const CommandFacts& command : commands)
    text += fmt::format("    '{}:{}'\n", command.name, first_line(command.summary));
  text += fmt::format(
      "  )\n  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n"
      "    _describe command commands\n    return\n  fi\n  case $words[2] in\n    {})\n"
      "      command=$words[2]\n      shift words\n      ((CURRENT--))\n      ;;\n  esac\n"
      "  case $command in\n",
      joined(names_of(commands), "|"));
  for (const CommandFacts& command : commands)
    text += zsh_command(command);
  return text +
         "  esac\n}\n\nif [[ $funcstack[1] == _querent ]]; then\n  _querent \"$@\"\nelse\n"
         "  compdef _querent querent\nfi\n";
}

std::string fish_completion(Commands commands) {
  std::string text(kFishHead);
  text += fmt::format(
      "# Whether that is the command; without one it is run.\nfunction __querent_is\n"
      "    set -l words (commandline -opc)\n    set -l command run\n"
      "    if test (count $words) -gt 1; and contains -- $words[2] {}\n"
      "        set command $words[2]\n    end\n    test $command = $argv[1]\nend\n\n"
      "function __querent_has_no_word\n    test (count (commandline -opc)) -eq 1\nend\n\n"
      "complete -c querent -f\n",
      joined(names_of(commands), " "));
  for (const CommandFacts& command : commands)
    text += fmt::format("complete -c querent -n __querent_has_no_word -a {} -d '{}'\n",
                        command.name, first_line(command.summary));
  text += fmt::format(
      "complete -c querent -s h -l help -d '{}'\ncomplete -c querent -l version -d '{}'\n",
      kHelpText, kVersionText);
  for (const CommandFacts& command : commands) {
    for (const OptionFacts& option : command.options)
      if (can_complete(option)) text += fish_option(command, option);
  }
  return text;
}

}  // namespace querent::cli
