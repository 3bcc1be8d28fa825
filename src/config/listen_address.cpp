#include "config/listen_address.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/core.h>
#include <vector>

#include "base/text.hpp"
#include "querent/address.hpp"

namespace querent::config {

namespace {

constexpr std::string_view kKey = "web.listen_address";

bool is_port(std::string_view text) {
  constexpr std::size_t kLongest = 5;
  const auto number = parse_number<std::uint16_t>(text);
  return number && *number != 0 && text.size() <= kLongest;
}

// Nothing: it is no IPv4 address that a socket can be bound to.
std::optional<Address> parse_host(std::string_view text) {
  const auto address =
      text.find(':') == std::string_view::npos ? Address::parse(text) : std::nullopt;
  if (!address || address->is_multicast() || address->is_limited_broadcast()) return std::nullopt;
  return address;
}

// All addresses include each.
bool is_at_the_same(const ListenAddress& a, const ListenAddress& b) {
  return a.port == b.port && (a.host == b.host || a.host.empty() || b.host.empty());
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return std::nullopt;
  ListenAddress listen{.host = {}, .port = *parse_number<std::uint16_t>(text.substr(colon + 1))};
  if (colon == 0) return listen;
  const auto address = parse_host(text.substr(0, colon));
  if (!address) return std::nullopt;
  if (!address->is_unspecified()) listen.host = address->to_string();
  return listen;
}

std::string to_text(const ListenAddress& address) {
  return fmt::format("{}:{}", address.host, address.port);
}

std::string advise_on_listen_address(std::string_view text) {
  if (is_port(text)) return fmt::format("write :{}", text);
  if (text.starts_with("http")) return "write the address and the port alone";
  if (text.starts_with('[') || std::count(text.begin(), text.end(), ':') > 1)
    return "the web server speaks IPv4 only; for IPv6 put a reverse proxy before it";
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  const auto port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (port.ends_with('s') && is_port(port.substr(0, port.size() - 1)))
    return "the web server has no TLS; put a reverse proxy before it";
  const bool is_address = parse_host(host).has_value();
  if (is_address && colon == std::string_view::npos)
    return fmt::format("add a port: {}:{}", host, ListenAddress{}.port);
  const bool is_word = std::any_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (!is_address && is_word) return "names are not looked up: write an IPv4 address";
  return {};
}

void check_listen_addresses(const SettingList& settings, Complaints& errors) {
  std::vector<ListenAddress> seen;
  const Setting* off = nullptr;
  const Setting* first = nullptr;
  for (const Setting& setting : settings) {
    if (setting.option->key != kKey) continue;
    if (setting.text == kOff) {
      off = &setting;
      continue;
    }
    if (first == nullptr) first = &setting;
    const auto address = parse_listen_address(setting.text);
    if (!address) continue;
    const auto same = std::find_if(seen.begin(), seen.end(), [&](const ListenAddress& other) {
      return is_at_the_same(*address, other);
    });
    if (same != seen.end()) {
      errors.push_back({setting.origin,
                        *same == *address
                            ? fmt::format("{} is said more than once", in_quotes(setting.text))
                            : fmt::format("{} and {} overlap: one is all addresses",
                                          in_quotes(to_text(*same)), in_quotes(setting.text)),
                        "leave one out"});
    }
    seen.push_back(*address);
  }
  if (off != nullptr && first != nullptr) {
    errors.push_back({off->origin,
                      fmt::format("\"off\" and {} cannot both be", in_quotes(first->text)),
                      "say off alone, or leave it out"});
  }
}

}  // namespace querent::config
