#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"
#include "sim/frame.hpp"
#include "sim/node.hpp"
#include "sim/scenario.hpp"

// Machines, frames, and one node in virtual time: what the tests of the simulated LAN share.

namespace querent::sim::test {
using Addresses = std::vector<Address>;

// By number: 10.0.0.n, 239.1.1.n; in IPv6 fe80::n, ff15::n. A machine's MAC address ends in its
// number.
Address machine(unsigned number, Family family = Family::kIPv4);
Address group(unsigned number, Family family = Family::kIPv4);
MacAddress mac(unsigned number);

// A query as a well-behaved querier sends it: general, unless a group is given.
Query query(Version version, Address group = Address::v4(0), Addresses sources = {});

// A message in the packet that a well-behaved sender of its family puts it in, on the cable.
FramePtr on_cable(unsigned from, Message message);
FramePtr query_frame(unsigned from, Version version, Family family = Family::kIPv4);
FramePtr proxy_query_frame(Version version);  // from 0.0.0.0
FramePtr join_frame(unsigned from, Address group, Version version = Version::k2);
FramePtr leave_frame(unsigned from, Address group);
FramePtr report_frame(unsigned from, std::vector<Record> records);  // v3
FramePtr report_frame(unsigned from, RecordType type, Address group, Addresses sources = {});
FramePtr data_frame(Address group, std::uint64_t number);

// One node by itself, in virtual time: the test is everybody else.
class Alone {
 public:
  struct Said {
    Duration at{0};  // since the start
    FramePtr frame;
  };

  explicit Alone(Node& node) : node_(&node) {}

  void hear(const FramePtr& frame);
  // Each deadline on the way is met.
  void advance(Duration span);
  // What the node did at once when the test asked it to.
  void did(Node::Out&& out);

  const std::vector<Said>& said() const { return said_; }
  void forget() { said_.clear(); }
  Instant now() const { return now_; }
  Duration time() const;  // since the start

  // The messages of this kind, in order.
  template <class Kind>
  std::vector<Kind> messages() const {
    std::vector<Kind> messages;
    for (const Said& said : said_) {
      if (const Kind* one = said.frame->get<Kind>()) messages.push_back(*one);
    }
    return messages;
  }

 private:
  Node* node_;
  Instant now_ = kStart;
  std::vector<Said> said_;
};

}  // namespace querent::sim::test
