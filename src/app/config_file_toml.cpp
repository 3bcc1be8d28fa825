#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <optional>
#include <span>
#include <string_view>
#include <toml++/toml.h>
#include <utility>

#include "app/config_file.hpp"
#include "app/values.hpp"
#include "app/words.hpp"

namespace querent::app {

namespace {

// The library recurses into keys of many parts.
constexpr std::ptrdiff_t kMaxDots = 128;

std::string at(const ConfigFile& file, std::size_t line) {
  return fmt::format("{}:{}", file.path, line);
}

// What TOML cannot hold, and what the library should not be asked to.
std::optional<Complaint> find_bad_line(const ConfigFile& file) {
  std::string_view rest = file.text;
  for (std::size_t line_number = 1; !rest.empty(); ++line_number) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (std::count(line.begin(), line.end(), '.') > kMaxDots)
      return Complaint{at(file, line_number), "has more than 128 dots", "use several lines"};
    for (auto left = line; !left.empty();) {
      const std::size_t length = utf8_length(left);
      if (left[0] == '\0')
        return Complaint{at(file, line_number), "has a NUL character", "is it a text file?"};
      if (length == 0)
        return Complaint{at(file, line_number), "is not UTF-8", "is it a text file?"};
      left.remove_prefix(length);
    }
  }
  return std::nullopt;
}

std::optional<toml::table> parse(const ConfigFile& file, Complaints& errors) {
  try {
    return toml::parse(file.text, file.path);
  } catch (const toml::parse_error& error) {
    const auto where = error.source().begin;
    errors.push_back({fmt::format("{}:{}:{}", file.path, where.line, where.column),
                      on_one_line(error.description())});
  } catch (const std::exception& error) {
    errors.push_back({file.path, on_one_line(error.what())});
  }
  return std::nullopt;
}

std::string_view name_of(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date and time";
    case toml::node_type::none:
    case toml::node_type::string:
    case toml::node_type::integer:
    case toml::node_type::floating_point:
    case toml::node_type::boolean:
      break;
  }
  return "a value";
}

// A scalar as it would be said on the command line, or nothing.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* is_on = node.as_boolean()) return is_on->get() ? "true" : "false";
  return std::nullopt;
}

bool fits(const toml::node& node, Kind kind) {
  switch (kind) {
    case Kind::kSwitch:
      return node.is_boolean();
    case Kind::kCount:
      return node.is_integer();
    case Kind::kFraction:
      return node.is_number();
    case Kind::kDuration:
      return node.is_string() || node.is_number();
    case Kind::kVersion:
      return node.is_string() || node.is_integer();
    case Kind::kWord:
      return node.is_string();
  }
  return false;
}

std::string spelled(const toml::node& node) {
  const auto text = text_of(node);
  if (!text) return std::string(name_of(node.type()));
  return node.is_string() ? quoted(*text) : on_one_line(*text);
}

using Names = std::vector<std::string_view>;

Names keys_of(Scope scope) {
  Names keys;
  for (const Option& option : options())
    if (option.scope == scope && !option.key.empty()) keys.push_back(option.key);
  return keys;
}

class Reader {
 public:
  explicit Reader(const ConfigFile& file) : file_(file) {}

  FileSettings read(const toml::table& root, Complaints& errors) {
    for (const auto& [key, node] : root) {
      if (key == "querier") {
        read_table(key, node, [&](const toml::table& table) { read_querier(table); });
      } else if (key == "log") {
        read_table(key, node, [&](const toml::table& table) { read_log(table); });
      } else if (key == "interface") {
        read_interfaces(key, node);
      } else if (key == "user") {
        take(*find_option("user"), key, node, settings_.process);
      } else {
        complain_unknown(key, key.str(), {"querier", "interface", "log", "user"}, "a file");
      }
    }
    std::stable_sort(errors_.begin(), errors_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [line, error] : errors_)
      errors.push_back(std::move(error));
    return std::move(settings_);
  }

 private:
  std::string origin(const toml::key& key, std::string_view name) const {
    return fmt::format("{}: {}", at(file_, key.source().begin.line), on_one_line(name));
  }

  void complain(const toml::key& key, std::string_view name, std::string why, std::string attempt) {
    errors_.emplace_back(key.source().begin.line,
                         Complaint{origin(key, name), std::move(why), std::move(attempt)});
  }

  template <class Read>
  void read_table(const toml::key& key, const toml::node& node, Read read) {
    if (const auto* table = node.as_table()) return read(*table);
    complain(key, key.str(), fmt::format("{} is not a table", spelled(node)),
             fmt::format("write [{}] on a line of its own", key.str()));
  }

  void read_querier(const toml::table& table) {
    for (const auto& [key, node] : table)
      read_interface_setting(key, node, settings_.querier);
  }

  void read_log(const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string name = fmt::format("log.{}", key.str());
      const Option* const option = find_option(name);
      if (option != nullptr && option->key == name) {
        take(*option, key, node, settings_.process);
      } else {
        complain_unknown(key, name, {"log.level", "log.format"}, "[log]");
      }
    }
  }

  void read_interfaces(const toml::key& key, const toml::node& node) {
    const auto* const array = node.as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
      if (array != nullptr && array->empty()) return;
      return complain(key, key.str(), fmt::format("{} is not a list of tables", spelled(node)),
                      "write [[interface]] before the settings of each");
    }
    if (array->size() > kMaxInterfaces) {
      return complain(key, key.str(), fmt::format("{} interfaces are too many", array->size()),
                      fmt::format("name at most {}, or a pattern", kMaxInterfaces));
    }
    for (const auto& element : *array)
      read_section(*element.as_table());
  }

  void read_section(const toml::table& table) {
    InterfaceSection section;
    for (const auto& [key, node] : table) {
      if (key == "name") {
        SettingList names;
        take(*find_option("name"), key, node, names);
        if (!names.empty()) section.name = std::move(names.front());
      } else {
        read_interface_setting(key, node, section.settings);
      }
    }
    if (table.get("name") == nullptr) {
      const auto line = table.source().begin.line;
      errors_.emplace_back(line, Complaint{at(file_, line) + ": [[interface]]",
                                           "its name is missing", "add name = \"eth0\""});
    }
    if (section.name.option != nullptr) settings_.interfaces.push_back(std::move(section));
  }

  void read_interface_setting(const toml::key& key, const toml::node& node, SettingList& into) {
    const Option* const option = find_option(key.str());
    if (option != nullptr && option->key == key.str() && option->scope == Scope::kInterface)
      return take(*option, key, node, into);
    Names known = keys_of(Scope::kInterface);
    known.emplace_back("name");
    complain_unknown(key, key.str(), known, "[querier] or [[interface]]");
  }

  void take(const Option& option, const toml::key& key, const toml::node& node, SettingList& into) {
    if (const auto text = text_of(node); text && fits(node, option.kind)) {
      into.push_back({&option, *text, origin(key, option.key)});
      return;
    }
    complain(key, option.key, fmt::format("{} is not {}", spelled(node), option.allowed),
             fmt::format("write {}", example(option)));
  }

  static std::string example(const Option& option) {
    switch (option.kind) {
      case Kind::kDuration:
        return fmt::format("{} = \"60s\"", option.key);
      case Kind::kWord:
        return fmt::format("{} = \"...\", in quotes", option.key);
      case Kind::kSwitch:
      case Kind::kCount:
      case Kind::kFraction:
      case Kind::kVersion:
        return fmt::format("{} = {}, without quotes", option.key, option.by_default);
    }
    return {};
  }

  // A key that is known elsewhere is told where.
  static std::optional<std::string> home_of(std::string_view name) {
    const Option* const option = find_option(name);
    if (name == "name") return "it belongs into [[interface]]";
    if (option != nullptr && option->key == name && option->scope == Scope::kInterface)
      return "it belongs into [querier] or [[interface]]";
    if (name == "level" || name == "format") return "it belongs into [log]";
    if (name == "user") return "it belongs before the first [section]";
    return std::nullopt;
  }

  void complain_unknown(const toml::key& key, std::string_view name, const Names& known,
                        std::string_view place) {
    std::string attempt = home_of(name).value_or("");
    if (attempt.empty()) {
      const auto near = nearest(name, known);
      attempt = near ? fmt::format("did you mean {}?", *near) : "known are";
      if (!near)
        for (const auto candidate : known)
          attempt += fmt::format("{} {}", candidate == known.front() ? "" : ",", candidate);
    }
    complain(key, name, fmt::format("no such key in {}", place), std::move(attempt));
  }

  const ConfigFile& file_;
  std::vector<std::pair<std::size_t, Complaint>> errors_;  // by line
  FileSettings settings_;
};

}  // namespace

FileSettings parse_config_file(const ConfigFile& file, Complaints& errors) {
  if (auto bad = find_bad_line(file)) {
    errors.push_back(std::move(*bad));
    return {};
  }
  const auto root = parse(file, errors);
  return root ? Reader(file).read(*root, errors) : FileSettings{};
}

}  // namespace querent::app
