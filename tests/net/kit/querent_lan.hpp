#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "lab/lan.hpp"
#include "lab/process.hpp"
#include "net/packet_socket.hpp"
#include "querent/address.hpp"
#include "query_listener.hpp"

// The program itself on a lab::Lan: hosts 1..N, 10.9.0.N, on a switch that forgets after 4 s.

namespace querent::test {

using namespace std::chrono_literals;

inline constexpr Duration kPatience = 20s;

// The path of querent: $PROGRAM_UNDER_TEST, or else beside the tests.
std::string program();

// Whether a system call's answer was good; else the test fails with its words.
template <class T>
bool good(const os::SysResult<T>& result) {
  EXPECT_TRUE(result) << result.error().to_string();
  return result.has_value();
}

// For suites that every family passes: "ipv4", "ipv6".
std::string family_name(const testing::TestParamInfo<Family>& info);

lab::Lan make_lan(const lab::LanPlan& plan);

// `querent run --interface eth0 ARGUMENT...` with one query a second, in a namespace; it has
// written that it is started when this returns.
lab::Process start_querent(const lab::Namespace& where,
                           const std::vector<std::string>& arguments = {});
// The arguments for one family alone, in that version of IGMP or MLD, and some more.
std::vector<std::string> only(Family family, unsigned version,
                              const std::vector<std::string>& more = {});
// The next general queries of that host; false when one of them does not come.
bool await_queries(const QueryListener& ear, Address source, int count);
// Any program; it must exist.
lab::Process start(const lab::Namespace& where, const std::vector<std::string>& argv);

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};
// To its end.
Ran run(const lab::Namespace& where, const std::vector<std::string>& argv);
Ran finish(lab::Process& process, Duration patience = kPatience);

// Sends IP packets as they are onto the cable of a host's interface, from that interface's MAC.
class Mouth {
 public:
  explicit Mouth(const lab::Namespace& where, const std::string& interface = "eth0",
                 Family family = Family::kIPv4);
  // To the MAC of that group; by default, of all hosts.
  void say(ByteView packet, std::optional<Address> destination = std::nullopt);

 private:
  Family family_;
  std::optional<net::PacketSocket> socket_;
};

}  // namespace querent::test
