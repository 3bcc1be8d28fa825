#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "lab/namespace.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// Somebody on a LAN who hears all IGMP, or all MLD, that arrives at an interface, and when.

namespace querent::test {

struct HeardFrame {
  Instant at;  // when the kernel took it from the wire
  MacAddress mac;
  Bytes octets;                  // from the IP header on
  std::optional<Packet> packet;  // nothing: unreadable

  const Query* query() const;  // of any kind
  const Query* general_query() const;
};

// Listens from its creation on, on a thread of its own.
class QueryListener {
 public:
  explicit QueryListener(const lab::Namespace& where, const std::string& interface = "eth0",
                         Family family = Family::kIPv4);
  ~QueryListener();
  QueryListener(const QueryListener&) = delete;
  QueryListener& operator=(const QueryListener&) = delete;

  using Test = std::function<bool(const HeardFrame&)>;

  std::vector<HeardFrame> all() const;
  // The `count`th that passes the test, of those from the `from`th on; nothing at the time-out.
  std::optional<HeardFrame> await(const Test& test, Duration patience, std::size_t from = 0) const;
  // How many were heard so far: a `from` for what follows.
  std::size_t heard() const;

  // General queries heard from `source`, from the `from`th sighting on.
  std::vector<HeardFrame> general_queries(Address source, std::size_t from = 0) const;

 private:
  void listen();

  Family family_;
  os::Fd socket_;
  os::Fd stop_;
  mutable std::mutex mutex_;
  mutable std::condition_variable more_;
  std::vector<HeardFrame> sightings_;
  std::thread thread_;
};

// Tests for await().
QueryListener::Test general_query_from(Address source);

}  // namespace querent::test
