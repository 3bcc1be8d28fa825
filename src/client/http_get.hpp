#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "client/http_answer.hpp"
#include "client/http_url.hpp"
#include "os/fd.hpp"
#include "querent/time.hpp"

namespace querent::client {

struct HttpGet {
  HttpUrl url;
  std::string target;  // behind the URL's prefix: "/api/v1/events?since=17"
  std::string user;    // "NAME:PASSWORD" for basic authorization; empty: none
  Duration patience = std::chrono::seconds(5);  // for all of it, from the name's look-up on
  const os::Fd* interrupt = nullptr;            // readable: it is given up
};

struct HttpFault {
  enum class Kind : std::uint8_t {
    kUnreachable,  // nobody was there to answer
    kBadAnswer,    // somebody was, but this is no answer
    kInterrupted,
  };
  Kind kind = Kind::kUnreachable;
  std::string why;  // "Connection refused", "no answer within 5s", "the answer was cut off"
};

// Asks once, on a connection of its own, at each address that the host has until one takes the
// connection. Redirections are answers like others. Waits at most as long as is said; the look-up
// of a name has a thread of its own, and may outlive the call there.
Result<HttpAnswer, HttpFault> http_get(const HttpGet& request);

// RFC 4648 section 4.
std::string base64(std::string_view octets);

}  // namespace querent::client
