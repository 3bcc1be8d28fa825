#include "cli/manual.hpp"

#include <fmt/core.h>
#include <string_view>

#include "app/build_info.hpp"
#include "config/options.hpp"

namespace querent::cli {

namespace {

// As roff reads it: man(7), groff_char(7). A line that would begin with a control character is
// kept from it.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    const bool begins_line = at == 0 || text[at - 1] == '\n';
    if (begins_line && (letter == '.' || letter == '\'')) out += "\\&";
    if (letter == '\\')
      out += "\\e";
    else if (letter == '-')
      out += "\\-";
    else if (letter == '\'')
      out += "\\(aq";
    else if (letter == '`')
      out += "\\(ga";
    else if (letter == '~')
      out += "\\(ti";
    else if (letter == '^')
      out += "\\(ha";
    else
      out += letter;
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

std::string section(std::string_view title) {
  return fmt::format(".SH {}\n", title);
}

// Lines of `text` stay lines.
std::string lines_of(std::string_view text) {
  std::string out = escaped(text);
  for (auto end = out.find('\n'); end != std::string::npos; end = out.find('\n', end + 5))
    out.replace(end, 1, "\n.br\n");
  return out + '\n';
}

std::string verbatim(std::string_view text) {
  std::string out = ".PP\n.nf\n" + escaped(text);
  if (!out.ends_with('\n')) out += '\n';
  return out + ".fi\n";
}

std::string tagged(const std::string& tag, std::string_view text) {
  return ".TP\n" + tag + '\n' + lines_of(text);
}

std::string names_of(const OptionFacts& option) {
  if (option.is_positional) return italic(option.placeholder);
  std::string text;
  const auto add = [&text](const std::string& name) {
    text += (text.empty() ? "" : ", ") + bold(name);
  };
  for (const auto& letter : option.letters)
    add("-" + letter);
  for (const auto& word : option.words)
    add("--" + word);
  return option.takes_value && !option.placeholder.empty() ? text + ' ' + italic(option.placeholder)
                                                           : text;
}

std::string usage_of(const CommandFacts& command) {
  std::string text = bold("querent " + command.name) + " [" + italic("OPTION") + "...]";
  for (const OptionFacts& option : command.options) {
    if (!option.is_positional) continue;
    const std::string name = italic(option.placeholder);
    text += option.is_required ? ' ' + name : " [" + name + ']';
  }
  return text;
}

std::string options_of(const CommandFacts& command) {
  std::string text;
  for (const OptionFacts& option : command.options)
    text += tagged(names_of(option), option.text);
  return text;
}

// check has those of run, and one of its own.
bool has_settings(const CommandFacts& command, const CommandFacts& run) {
  return command.name != run.name && command.options.size() > run.options.size();
}

std::string command_text(const CommandFacts& command, const CommandFacts* run) {
  std::string text = fmt::format(".SS {}\n{}\n.PP\n{}.\n", command.name, usage_of(command),
                                 escaped(command.summary));
  if (run != nullptr && has_settings(command, *run)) {
    for (const OptionFacts& option : command.options)
      if (option.is_positional) text += tagged(names_of(option), option.text);
    text += ".PP\nAnd the options of " + bold(run->name) + ".\n";
  } else {
    text += options_of(command);
  }
  return command.examples.empty() ? text : text + verbatim(command.examples);
}

std::string synopsis(std::span<const CommandFacts> commands) {
  std::string text = section("SYNOPSIS") + bold("querent") + " [" + bold("run") + "] " +
                     bold("-i") + ' ' + italic("IF") + "... [" + italic("OPTION") + "...]\n";
  for (const CommandFacts& command : commands)
    if (command.name != kWithoutAName) text += ".br\n" + usage_of(command) + '\n';
  return text;
}

std::string description() {
  return section("DESCRIPTION") +
         escaped(
             "Switches that snoop IGMP and MLD send multicast only to ports that asked for it. "
             "They "
             "learn of that from the answers to queries, and where nobody asks (no router, no "
             "querier) they forget every receiver after some 260 seconds: streams go silent. "
             "querent is the one who asks.\n") +
         ".PP\n" +
         escaped(
             "It takes part in the election that IGMP and MLD have: where somebody with a lower "
             "address asks, it is silent, watches, and takes over when that one falls silent. "
             "Several on a network back each other up. It needs CAP_NET_RAW and nothing else; "
             "started as root it becomes nobody, and it confines itself to the system calls that "
             "it needs.\n") +
         ".PP\n" +
         escaped(
             "Two things to know before. Becoming querier makes our switch port a router port: it "
             "receives all multicast that the switch forwards. And the first querier on a LAN "
             "makes many switches and bridges change from flooding to filtering: receivers that "
             "never report will go silent; for IPv6 that includes neighbour discovery where the "
             "last querier dies.\n");
}

std::string settings_file() {
  constexpr std::string_view kExample =
      "[querier]\nquery_interval = \"60s\"\n[[interface]]\nname = \"eth0\"\n[[interface]]\n"
      "name = \"eth0.20\"\nigmp_version = 3\npassive = true\n[web]\n"
      "listen_address = \"127.0.0.1:9224\"\n[names]\n\"239.1.2.3\" = \"hf audio\"\n"
      "ka9q = [\"hf.local\", \"hf-status.local\"]\n";
  std::string text =
      section("CONFIGURATION") +
      escaped(
          "Every setting is a flag, an environment variable and a key of a TOML file; flags win "
          "over the environment, and that over the file. A duration D is 60, 60s, 500ms or 2m. "
          "What is about queries, election and limits may stand in [querier] for all interfaces, "
          "and in an [[interface]] for one.\n") +
      verbatim(kExample);
  text += ".PP\n" + escaped("The keys, and the flags that have the same meaning:\n");
  for (const config::Option& option : config::options()) {
    if (option.key.empty()) continue;
    const auto key = option.scope == config::Scope::kInterfaceName ? "name (of an [[interface]])"
                                                                   : std::string(option.key);
    text += tagged(bold(key), fmt::format("{} (default: {})", option.flag, option.by_default));
  }
  return text;
}

std::string environment() {
  std::string text = section("ENVIRONMENT");
  for (const config::Option& option : config::options())
    if (!option.variable.empty())
      text += tagged(bold(option.variable), fmt::format("as {}", option.flag));
  text += tagged(bold("QUERENT_URL"), "where a running querent answers: as --url");
  text += tagged(bold("QUERENT_USER"), "NAME:PASSWORD, if it asks for one: as --user");
  return text + tagged(bold("NO_COLOR"), "no colours, also on a terminal");
}

std::string ending() {
  return section("FILES") +
         tagged(italic("/etc/querent/querent.toml"),
                "read if it exists and no flag or variable names an interface or a file") +
         section("\"EXIT STATUS\"") + tagged(bold("0"), "done") +
         tagged(bold("1"), "failed at run time; of health: not healthy, or not reachable") +
         tagged(bold("2"), "wrong usage or configuration") +
         tagged(bold("3"), "a permission is missing: the text says which, and how to grant it") +
         section("SIGNALS") +
         tagged(bold("SIGHUP"),
                "reads the configuration again; a wrong one leaves the old in force, and segments "
                "that did not change are not disturbed") +
         tagged(bold("SIGTERM") + ", " + bold("SIGINT"), "ends, with final statistics") +
         section("\"SEE ALSO\"") +
         escaped(
             "RFC 9776 (IGMPv3), RFC 9777 (MLDv2), RFC 2236 (IGMPv2), RFC 4541 (snooping "
             "switches). ") +
         "\n.BR bridge (8),\n.BR tcpdump (8)\n";
}

}  // namespace

std::string manual(std::span<const CommandFacts> commands, std::string_view homepage) {
  const CommandFacts* const run = without_a_name(commands);
  std::string text =
      fmt::format(".TH QUERENT 1 \"\" \"querent {}\" \"User Commands\"\n", app::version()) +
      section("NAME") +
      "querent \\- keeps IP multicast alive: an IGMP and MLD "
      "querier\n" +
      synopsis(commands) + description() + section("COMMANDS");
  for (const CommandFacts& command : commands)
    text += command_text(command, run);
  text += settings_file() + environment() + ending();
  return homepage.empty() ? text : text + ".PP\n" + escaped(homepage) + '\n';
}

}  // namespace querent::cli
