#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "cli/inject_order.hpp"
#include "config/complaint.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::cli {

// What to send.
struct Injection {
  Family family = Family::kIPv4;
  std::vector<Packet> packets;  // one round, in order
  bool own_source = true;       // their source is still to be filled in
  bool bad_checksum = false;
  std::uint64_t rounds = 1;  // 0: for ever
  Duration interval = std::chrono::seconds(1);
};

// The injection that the options ask for, or all that is wrong with them.
Result<Injection, config::Complaints> plan_injection(const InjectOptions& options);

// A packet as it is to be sent.
struct Shot {
  Bytes packet;  // from its IP header on
  MacAddress destination;
};

// One round. `own` is the interface's address, of the injection's family.
std::vector<Shot> shots(const Injection& injection, Address own);

// "v1_query", "v2_query", ...
std::vector<std::string> inject_kinds();

}  // namespace querent::cli
