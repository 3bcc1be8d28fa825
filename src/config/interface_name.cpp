#include "config/interface_name.hpp"

#include <algorithm>
#include <cstddef>
#include <fnmatch.h>

namespace querent::config {

namespace {

constexpr std::size_t kLongestName = 15;  // IFNAMSIZ, without the 0
constexpr std::size_t kLongestPattern = 64;

bool may_be_in_a_name(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != 0x7F && c != '/' && c != ':' && c != ',';
}

}  // namespace

bool is_interface_name(std::string_view text) {
  if (text.empty() || text.size() > (is_pattern(text) ? kLongestPattern : kLongestName))
    return false;
  if (text == "." || text == ".." || text.starts_with('=') || text.starts_with('-')) return false;
  return std::all_of(text.begin(), text.end(), may_be_in_a_name);
}

bool is_pattern(std::string_view wanted) {
  return wanted.find_first_of("*?[") != std::string_view::npos;
}

bool is_fixed_name(std::string_view wanted) {
  return !is_pattern(wanted) && wanted != kAutoInterface;
}

bool stands_for(std::string_view wanted, const std::string& name,
                const std::optional<std::string>& default_route) {
  if (is_pattern(wanted)) return ::fnmatch(std::string(wanted).c_str(), name.c_str(), 0) == 0;
  return wanted == name || (wanted == kAutoInterface && default_route == name);
}

}  // namespace querent::config
