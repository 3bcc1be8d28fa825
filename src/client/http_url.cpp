#include "client/http_url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace querent::client {

namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kLongestHost = 255;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_one_of(char c, std::string_view these) {
  return these.find(c) != std::string_view::npos;
}

bool is_host(std::string_view host, bool in_brackets) {
  const std::string_view others = in_brackets ? ":.%-_" : ".-_";
  return !host.empty() && host.size() <= kLongestHost &&
         std::all_of(host.begin(), host.end(),
                     [&](char c) { return is_alphanumeric(c) || is_one_of(c, others); });
}

bool is_prefix(std::string_view prefix) {
  return std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return is_alphanumeric(c) || is_one_of(c, "/-._~!$&'()*+,;=:@%");
  });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// In lower case, "" when there is none.
std::string scheme_of(std::string_view text) {
  const auto end = text.find("://");
  std::string scheme(text.substr(0, end == std::string_view::npos ? 0 : end));
  for (char& c : scheme)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return scheme;
}

// Without the zone of a link-local address, which is this host's own matter.
std::string in_brackets(const std::string& host) {
  const bool is_v6 = host.find(':') != std::string::npos;
  return is_v6 ? '[' + host.substr(0, host.find('%')) + ']' : host;
}

}  // namespace

std::string HttpUrl::to_string() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  const std::string end = port == 80 ? prefix : ':' + std::to_string(port) + prefix;
  return std::string(kScheme) + (is_v6 ? '[' + host + ']' : host) + end;
}

std::string HttpUrl::authority() const {
  return port == 80 ? in_brackets(host) : in_brackets(host) + ':' + std::to_string(port);
}

Result<HttpUrl, std::string> parse_http_url(std::string_view text) {
  const std::string scheme = scheme_of(text);
  if (scheme == "https") {
    return failure(std::string(
        "https is not spoken here; say the plain http:// port behind the proxy, or ask with curl"));
  }
  if (scheme != "http") return failure(std::string("it must be http://HOST[:PORT][/PREFIX]"));
  const auto rest = text.substr(kScheme.size());
  const auto slash = rest.find_first_of("/?#");
  auto authority = rest.substr(0, slash);
  auto prefix = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  if (authority.find('@') != std::string_view::npos) {
    return failure(std::string("the user is said apart; say --user NAME:PASSWORD"));
  }
  while (prefix.ends_with('/'))
    prefix.remove_suffix(1);
  if (!is_prefix(prefix)) return failure(std::string("what is behind the host is no path"));

  const bool bracketed = authority.starts_with('[');
  const auto close = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && close == std::string_view::npos) {
    return failure(std::string("the ] behind the IPv6 address is missing"));
  }
  const auto host = authority.substr(bracketed ? 1 : 0, bracketed ? close - 1 : close);
  if (!is_host(host, bracketed)) return failure(std::string("there is no host in it"));
  authority.remove_prefix(std::min(authority.size(), bracketed ? close + 1 : host.size()));
  HttpUrl url{.host = std::string(host), .prefix = std::string(prefix)};
  if (authority.empty()) return url;
  const auto port = parse_port(authority.substr(1));
  if (authority[0] != ':' || !port) return failure(std::string("a port is from 1 to 65535"));
  url.port = *port;
  return url;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_alphanumeric(c) || is_one_of(c, "-._~")) {
      encoded += c;
      continue;
    }
    const auto octet = static_cast<std::uint8_t>(c);
    encoded += '%';
    encoded += kDigits[octet >> 4U];
    encoded += kDigits[octet & 0xFU];
  }
  return encoded;
}

}  // namespace querent::client
