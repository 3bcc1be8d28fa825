#include "config/names_section.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace querent::config {

namespace {

constexpr std::string_view kKa9q = "ka9q";

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_group_name(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  const bool is_blank = text.find_first_not_of(' ') == std::string_view::npos;
  return !is_blank && count_characters(text) <= kLongest && on_one_line(text) == text;
}

bool is_label(std::string_view text) {
  constexpr std::size_t kLongest = 63;  // RFC 1035 2.3.4
  return !text.empty() && text.size() <= kLongest && !text.starts_with('-') &&
         !text.ends_with('-') && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

bool is_dns_name(std::string_view text) {
  constexpr std::size_t kLongest = 253;  // RFC 1035 2.3.4, as text
  if (text.size() > kLongest) return false;
  for (;;) {
    const auto label = text.substr(0, text.find('.'));
    if (!is_label(label)) return false;
    if (label.size() == text.size()) return true;
    text.remove_prefix(label.size() + 1);
  }
}

// An IPv4 address is written as one.
std::optional<Address> parse_group(std::string_view text) {
  const auto group = Address::parse(text);
  const bool is_mapped = group && group->is_v4() && text.find(':') != std::string_view::npos;
  return group && group->is_multicast() && !is_mapped ? group : std::nullopt;
}

std::string full_name(const toml::key& key) {
  return fmt::format("names.{}", key.str());
}

class Reader {
 public:
  explicit Reader(FileComplaints& complaints) : complaints_(complaints) {}

  NameConfig read(const toml::table& table) {
    struct Entry {
      const toml::key* key;
      const toml::node* node;
    };
    std::vector<Entry> entries;
    for (const auto& [key, node] : table)
      entries.push_back({&key, &node});
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return line_of(*a.key) < line_of(*b.key);
    });
    for (const auto& [key, node] : entries) {
      if (*key == kKa9q)
        read_ka9q(*key, *node);
      else
        read_group(*key, *node);
    }
    return std::move(names_);
  }

 private:
  void read_group(const toml::key& key, const toml::node& node) {
    const auto group = parse_group(key.str());
    if (!group) return complain_of_key(key, node);
    const auto* const name = node.as_string();
    if (name == nullptr || !is_group_name(name->get())) {
      return complaints_.add(
          line_of(key), full_name(key),
          fmt::format("{} is not a name of 1 to 64 characters, no control characters among them",
                      spelled(node)),
          name == nullptr ? fmt::format(R"(write "{}" = "...", in quotes)", key.str()) : "");
    }
    const auto [first, is_new] = lines_.try_emplace(*group, line_of(key));
    if (!is_new) {
      return complaints_.add(line_of(key), full_name(key),
                             fmt::format("the same address as in line {}", first->second),
                             "name each group once");
    }
    names_.by_address.emplace(*group, name->get());
  }

  void complain_of_key(const toml::key& key, const toml::node& node) {
    std::string attempt = "those are 224.0.0.0 to 239.255.255.255, and what begins with ff";
    const std::string_view known = kKa9q;
    if (nearest(key.str(), {&known, 1})) attempt = fmt::format("did you mean {}?", kKa9q);
    // 239.1.2.3 without quotes is the key 239 of tables in tables.
    if (node.is_table()) attempt = R"(write addresses in quotes: "239.1.2.3" = "hf audio")";
    complaints_.add(line_of(key), full_name(key),
                    fmt::format("{} is not a multicast address, nor ka9q", in_quotes(key.str())),
                    std::move(attempt));
  }

  void read_ka9q(const toml::key& key, const toml::node& node) {
    const auto* const array = node.as_array();
    if (array == nullptr) {
      return complaints_.add(line_of(key), full_name(key),
                             fmt::format("{} is not a list of names", spelled(node)),
                             R"(write ka9q = ["hf.local", "hf-status.local"])");
    }
    std::set<std::string_view> seen;
    for (const auto& element : *array) {
      const auto* const name = element.as_string();
      if (name == nullptr || !is_dns_name(name->get())) {
        complaints_.add(line_of(element), full_name(key),
                        fmt::format("{} is not a name like hf.local", spelled(element)),
                        "letters, digits, - and _, with dots between, as ka9q-radio has it");
      } else if (!seen.insert(name->get()).second) {
        complaints_.add(line_of(element), full_name(key),
                        fmt::format("{} is said more than once", spelled(element)),
                        "name each stream once");
      } else {
        names_.ka9q.push_back(name->get());
      }
    }
  }

  FileComplaints& complaints_;
  NameConfig names_;
  std::map<Address, std::size_t> lines_;  // where each address was said first
};

}  // namespace

NameConfig read_names(const toml::table& table, FileComplaints& complaints) {
  return Reader(complaints).read(table);
}

}  // namespace querent::config
