#include "config/interface_name.hpp"

#include <algorithm>
#include <cstddef>

namespace querent::config {

namespace {

constexpr std::size_t kLongestName = 15;  // IFNAMSIZ, without the 0
constexpr std::size_t kLongestPattern = 64;

bool may_be_in_a_name(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != 0x7F && c != '/' && c != ':' && c != ',';
}

}  // namespace

bool is_interface_name(std::string_view text) {
  const bool is_pattern = text.find_first_of("*?[") != std::string_view::npos;
  if (text.empty() || text.size() > (is_pattern ? kLongestPattern : kLongestName)) return false;
  if (text == "." || text == ".." || text.starts_with('=') || text.starts_with('-')) return false;
  return std::all_of(text.begin(), text.end(), may_be_in_a_name);
}

}  // namespace querent::config
