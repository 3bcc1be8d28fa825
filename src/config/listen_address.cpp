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

bool is_ipv6(const ListenAddress& address) {
  return address.host.find(':') != std::string::npos;
}

// "192.0.2.1" or "[2001:db8::1]". Nothing: it is no address that a socket can be bound to; to an
// IPv6 link-local address it cannot without its interface.
std::optional<Address> parse_host(std::string_view text) {
  const bool in_brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const auto address = Address::parse(in_brackets ? text.substr(1, text.size() - 2) : text);
  const bool has_colons = text.find(':') != std::string_view::npos;
  if (!address || in_brackets != has_colons || in_brackets == address->is_v4()) return {};
  if (address->is_multicast() || address->is_limited_broadcast()) return {};
  if (in_brackets && address->is_link_local()) return {};
  return address;
}

bool is_all_of_its_family(const ListenAddress& address) {
  return address.host == "0.0.0.0" || address.host == "::";
}

bool overlap(const ListenAddress& a, const ListenAddress& b) {
  if (a.port != b.port) return false;
  if (a.host == b.host || a.host.empty() || b.host.empty()) return true;
  return is_ipv6(a) == is_ipv6(b) && (is_all_of_its_family(a) || is_all_of_its_family(b));
}

std::string advise_on_ipv6(std::string_view text) {
  if (!text.starts_with('['))
    return fmt::format("write an IPv6 address in brackets: [::1]:{}", ListenAddress{}.port);
  const auto close = std::min(text.find(']'), text.size());
  const auto host = text.substr(1, close - 1);
  const auto address = Address::parse(host.substr(0, host.find('%')));
  if (!address) return {};
  if (address->is_v4()) return "write an IPv4 address without brackets";
  if (address->is_link_local())
    return "a link-local address needs an interface, which cannot be given; write [::] for all";
  if (close + 1 == text.size()) return fmt::format("add a port: {}:{}", text, ListenAddress{}.port);
  return {};
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return std::nullopt;
  ListenAddress listen{.host = {}, .port = *parse_number<std::uint16_t>(text.substr(colon + 1))};
  if (colon == 0) return listen;
  const auto address = parse_host(text.substr(0, colon));
  if (!address) return std::nullopt;
  listen.host = address->to_string();
  return listen;
}

std::string to_text(const ListenAddress& address) {
  if (is_ipv6(address)) return fmt::format("[{}]:{}", address.host, address.port);
  return fmt::format("{}:{}", address.host, address.port);
}

std::string advise_on_listen_address(std::string_view text) {
  if (is_port(text)) return fmt::format("write :{}", text);
  if (text.starts_with("http")) return "write the address and the port alone";
  const auto last = text.substr(text.rfind(':') + 1);
  if (last.ends_with('s') && is_port(last.substr(0, last.size() - 1)))
    return "the web server has no TLS; put a reverse proxy before it";
  if (text.starts_with('[') || std::count(text.begin(), text.end(), ':') > 1)
    return advise_on_ipv6(text);
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  const bool is_address = parse_host(host).has_value();
  if (is_address && colon == std::string_view::npos)
    return fmt::format("add a port: {}:{}", host, ListenAddress{}.port);
  const bool is_word = std::any_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (!is_address && is_word) return "names are not looked up: write an address";
  return {};
}

void check_listen_addresses(const SettingList& settings, bool has_ipv6, Complaints& errors) {
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
    if (is_ipv6(*address) && !has_ipv6) {
      errors.push_back(
          {setting.origin,
           fmt::format(
               "{} is IPv6, which this system's CivetWeb (the library of the web server) is "
               "built without",
               in_quotes(setting.text)),
           "write an IPv4 address; for IPv6 put a reverse proxy before it"});
    }
    const auto same = std::find_if(seen.begin(), seen.end(), [&](const ListenAddress& other) {
      return overlap(*address, other);
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
