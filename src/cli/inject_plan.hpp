#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/complaint.hpp"
#include "base/address.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "wire/message.hpp"

namespace querent::cli {

// What the command line says, as it says it; what is not said is absent or empty.
struct InjectOptions {
  std::string kind;                   // one of inject_kinds()
  std::vector<std::string> groups;    // a packet each; in a v3 report a record each
  std::vector<std::string> sources;   // of each group
  std::optional<std::string> record;  // the type of all records: "is_ex" unless said
  std::optional<std::string> source;  // of the packet; else the interface's address
  std::optional<std::string> destination;
  std::optional<std::string> max_response;    // 10 s unless said; of a group query 1 s
  std::optional<std::string> query_interval;  // QQIC: 60 s unless said
  std::optional<std::int64_t> robustness;     // QRV: 2 unless said
  std::optional<std::int64_t> ttl;            // 1 unless said
  std::optional<std::int64_t> count;          // 1 unless said; 0: for ever
  std::optional<std::string> interval;        // 1 s unless said
  bool suppress = false;
  bool router_alert = true;
  bool bad_checksum = false;
};

// What to send.
struct Injection {
  std::vector<wire::Packet> packets;  // one round, in order
  bool own_source = true;             // their source is still to be filled in
  bool bad_checksum = false;
  std::uint64_t rounds = 1;  // 0: for ever
  Duration interval = std::chrono::seconds(1);
};

// The injection that the options ask for, or all that is wrong with them.
Result<Injection, app::Complaints> plan_injection(const InjectOptions& options);

// A packet as it is to be sent.
struct Shot {
  Bytes packet;  // from its IP header on
  MacAddress destination;
};

// One round. `own` is the interface's address.
std::vector<Shot> shots(const Injection& injection, Address own);

// "v1_query", "v2_query", ...
std::vector<std::string> inject_kinds();

}  // namespace querent::cli
