#include "config/toml_nodes.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "base/text.hpp"

namespace querent::config {

namespace {

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

}  // namespace

std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* is_on = node.as_boolean()) return is_on->get() ? "true" : "false";
  return std::nullopt;
}

std::string spelled(const toml::node& node) {
  const auto text = text_of(node);
  if (!text) return std::string(name_of(node.type()));
  return node.is_string() ? in_quotes(*text) : on_one_line(*text);
}

std::size_t line_of(const toml::key& key) {
  return key.source().begin.line;
}

std::size_t line_of(const toml::node& node) {
  return node.source().begin.line;
}

std::string FileComplaints::origin(std::size_t line, std::string_view name) const {
  return fmt::format("{}:{}: {}", path_, line, on_one_line(name));
}

void FileComplaints::add(std::size_t line, std::string_view name, std::string why,
                         std::string attempt) {
  found_.emplace_back(line, Complaint{origin(line, name), std::move(why), std::move(attempt)});
}

void FileComplaints::hand_over(Complaints& errors) {
  std::stable_sort(found_.begin(), found_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [line, error] : found_)
    errors.push_back(std::move(error));
  found_.clear();
}

}  // namespace querent::config
