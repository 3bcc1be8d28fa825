#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/socket_address.hpp"
#include "os/fd.hpp"
#include "querent/time.hpp"

namespace querent::client {

enum class Wait : std::uint8_t { kReady, kLate, kInterrupted };

// Until the descriptor is ready for `events` (poll(2)), the instant has come, or `interrupt`, if
// there is one, is readable: that goes first.
Wait wait_for(const os::Fd& fd, short events, Instant until, const os::Fd* interrupt);

struct LookupFault {
  Wait ended = Wait::kReady;  // in time; else there was none
  std::string why;            // "Name or service not known"
};

// The addresses for a stream connection to a name, or of an address (with its zone): in the order
// in which to try them, at least one. The system may ask a name server, for longer than `until`:
// then it goes on in a thread of its own, and its answer is lost.
Result<std::vector<net::SocketAddress>, LookupFault> look_up(const std::string& host,
                                                             std::uint16_t port, Instant until,
                                                             const os::Fd* interrupt);

}  // namespace querent::client
