#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/udp_socket.hpp"
#include "probe/stream_statistics.hpp"
#include "querent/time.hpp"

// What `querent join` says about what it received.

namespace querent::cli {

struct GroupResult {
  net::UdpChannel channel;
  probe::StreamGroupView view;
  std::uint64_t kernel_drops = 0;  // this host was too slow
};

struct JoinResult {
  std::string interface;
  Duration took{};
  std::vector<GroupResult> groups;
};

// What has to be so.
struct Expectations {
  // Something came to each group, none of its numbers is missing, and no sender fell silent
  // without having said that it ends.
  bool no_loss = false;
  std::optional<Duration> max_gap;       // no group was silent for longer, once it had begun
  std::optional<Duration> start_within;  // something came to each group by then
};

// What is not as expected, and where to look.
struct Shortcoming {
  std::string what;  // the group, or the interface where nothing can be heard any more
  std::string why;
  std::string attempt;
};
std::vector<Shortcoming> shortcomings(const JoinResult& result, const Expectations& expectations);

// A line for each sender of each group, and notes below for what is rare.
std::string to_table(const JoinResult& result);
// One object on one line, times in seconds.
std::string to_json(const JoinResult& result, const std::vector<Shortcoming>& shortcomings);
// One short line: how it is going.
std::string to_live_line(const JoinResult& result);

}  // namespace querent::cli
