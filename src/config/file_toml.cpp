#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <optional>
#include <span>
#include <string_view>
#include <toml++/toml.h>
#include <utility>

#include "base/text.hpp"
#include "config/file.hpp"
#include "config/names_section.hpp"
#include "config/toml_nodes.hpp"

namespace querent::config {

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

// Tables whose settings are called "log.level", "web.listen_address".
constexpr std::array<std::string_view, 2> kProcessSections{"log", "web"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

using Names = std::vector<std::string_view>;

Names keys_of(Scope scope) {
  Names keys;
  for (const Option& option : options())
    if (option.scope == scope && !option.key.empty()) keys.push_back(option.key);
  return keys;
}

Names keys_of_section(std::string_view section) {
  Names keys;
  for (const Option& option : options())
    if (option.key.size() > section.size() && option.key.starts_with(section) &&
        option.key[section.size()] == '.') {
      keys.push_back(option.key);
    }
  return keys;
}

class Reader {
 public:
  explicit Reader(const ConfigFile& file) : complaints_(file.path) {}

  FileSettings read(const toml::table& root, Complaints& errors) {
    for (const auto& [key, node] : root) {
      if (key == "querier") {
        read_table(key, node, [&](const toml::table& table) { read_querier(table); });
      } else if (is_one_of(key.str(), kProcessSections)) {
        read_table(key, node, [this, &section = key](const toml::table& table) {
          read_section_of(section, table);
        });
      } else if (key == "names") {
        read_table(key, node, [&](const toml::table& table) {
          settings_.names = read_names(table, complaints_);
        });
      } else if (key == "interface") {
        read_interfaces(key, node);
      } else if (key == "user") {
        take(*find_option("user"), key, node, settings_.process);
      } else {
        complain_unknown(key, key.str(), {"querier", "interface", "log", "web", "names", "user"},
                         "a file");
      }
    }
    complaints_.hand_over(errors);
    return std::move(settings_);
  }

 private:
  void complain(const toml::key& key, std::string_view name, std::string why, std::string attempt) {
    complaints_.add(line_of(key), name, std::move(why), std::move(attempt));
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

  void read_section_of(const toml::key& section, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string name = fmt::format("{}.{}", section.str(), key.str());
      const Option* const option = find_option(name);
      if (option != nullptr && option->key == name) {
        take(*option, key, node, settings_.process);
      } else {
        complain_unknown(key, name, keys_of_section(section.str()),
                         fmt::format("[{}]", section.str()));
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
      complaints_.add(line_of(table), "[[interface]]", "its name is missing",
                      "add name = \"eth0\"");
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
    const auto* const array = node.as_array();
    if (array != nullptr && option.clear != nullptr && !array->empty()) {
      for (const auto& element : *array)
        take_one(option, line_of(element), element, into);
    } else {
      take_one(option, line_of(key), node, into);
    }
  }

  void take_one(const Option& option, std::size_t line, const toml::node& node, SettingList& into) {
    if (const auto text = text_of(node); text && fits(node, option.kind)) {
      into.push_back({&option, *text, complaints_.origin(line, option.key)});
      return;
    }
    complaints_.add(line, option.key, fmt::format("{} is not {}", spelled(node), option.allowed),
                    fmt::format("write {}", example(option)));
  }

  static std::string example(const Option& option) {
    switch (option.kind) {
      case Kind::kDuration:
        return fmt::format("{} = \"60s\"", option.key);
      case Kind::kWord:
        return fmt::format("{} = \"{}\", in quotes", option.key,
                           option.by_default.starts_with('(') ? "..." : option.by_default);
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
    for (const auto section : kProcessSections)
      if (find_option(fmt::format("{}.{}", section, name)) != nullptr)
        return fmt::format("it belongs into [{}]", section);
    if (const auto group = Address::parse(name); name == "ka9q" || (group && group->is_multicast()))
      return "it belongs into [names]";
    if (name == "user") return "it belongs before the first [section]";
    return std::nullopt;
  }

  void complain_unknown(const toml::key& key, std::string_view name, const Names& known,
                        std::string_view place) {
    std::string attempt = home_of(key.str()).value_or("");
    if (attempt.empty()) {
      const auto near = nearest(name, known);
      attempt = near ? fmt::format("did you mean {}?", *near) : "known are";
      if (!near)
        for (const auto candidate : known)
          attempt += fmt::format("{} {}", candidate == known.front() ? "" : ",", candidate);
    }
    complain(key, name, fmt::format("no such key in {}", place), std::move(attempt));
  }

  FileComplaints complaints_;
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

}  // namespace querent::config
