#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace querent::client {

// Where something answers HTTP.
struct HttpUrl {
  std::string host;  // a name or an address; of an IPv6 one without the brackets, with its zone
  std::uint16_t port = 80;
  std::string prefix;  // in front of every path: "" or "/querent"; never ends in '/'

  // "http://HOST:PORT/PREFIX", with what is needed of it.
  std::string to_string() const;
  // "HOST:PORT" for the header Host.
  std::string authority() const;

  bool operator==(const HttpUrl&) const = default;
};

// "http://HOST[:PORT][/PREFIX]", IPv6 addresses in brackets, nothing that could break a request.
// The error says what is wrong with it, and what to do, in the words of a complaint.
Result<HttpUrl, std::string> parse_http_url(std::string_view text);

// For a value in a query: all but letters, digits and -._~ as %NN.
std::string percent_encoded(std::string_view text);

}  // namespace querent::client
