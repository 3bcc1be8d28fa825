#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the administrator wants of the web server.

namespace querent::config {

struct ListenAddress {
  std::string host;           // IPv4 or IPv6; empty: all addresses of both
  std::uint16_t port = 9224;  // never 0

  bool operator==(const ListenAddress&) const = default;
};

struct WebConfig {
  std::vector<ListenAddress> listen{ListenAddress{}};  // empty: no web server
  std::optional<std::string> basic_auth_file;          // nothing: everybody may look

  bool operator==(const WebConfig&) const = default;
};

}  // namespace querent::config
