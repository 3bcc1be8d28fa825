#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "core/action.hpp"
#include "core/event.hpp"
#include "core/segment.hpp"
#include "core/settings.hpp"
#include "core/view.hpp"
#include "querent/message.hpp"

// A LAN in virtual time with one segment of ours on it: the test is everybody else.

namespace querent::core::test {
using Addresses = std::vector<Address>;

// Machines and groups by number: 10.0.0.n or fe80::n, 239.1.1.n or ff15::n. A machine's MAC address
// ends in its number.
Address host(unsigned number, Family family = Family::kIPv4);
Addresses hosts(std::initializer_list<unsigned> numbers, Family family = Family::kIPv4);
Address group(unsigned number, Family family = Family::kIPv4);
MacAddress mac(unsigned number);

// Our own machine. Lower ones win, higher ones do not.
inline constexpr unsigned kOurs = 10;

using HowChanged = GroupChanged::Change;

// A link of ours: one address, host(kOurs) in a /24 or /64, unless others are given.
LocalInterface link_of(Family family = Family::kIPv4);
LocalInterface link_of(std::vector<InterfaceAddress> addresses);

// Settings in which regular intervals are exact.
Settings unjittered(Version version = Version::k2);

// A general query as a querier with the RFC's response time and an interval of 60 s sends it.
Query general(Version version, Family family = Family::kIPv4);
Query specific(Version version, Address group, Addresses sources = {});
// The packet that a well-behaved sender puts it in.
Packet envelope(Address source, Message message);

// For messages and comparisons that can be read.
std::int64_t ms(Duration duration);

struct Sent {
  Duration at{0};  // since the start
  Packet packet{};
  Query query{};
};

template <class What>
struct Told {
  Duration at{0};
  What what;
};

class Lan {
 public:
  explicit Lan(const Settings& settings = unjittered(), Family family = Family::kIPv4,
               std::uint64_t seed = 1);

  // The link comes up; `up()` with the address host(kOurs).
  Lan& up() { return up(link_of(family_)); }
  Lan& up(LocalInterface link);

  void step(const Event& event);
  // Each deadline on the way is met, `late` after it was due.
  void advance(Duration span, Duration late = Duration::zero());
  // Nothing runs meanwhile (the machine sleeps); then one tick.
  void sleep(Duration span);

  void hear(unsigned from, const Query& query);
  void hear(unsigned from, Version version) { hear(from, general(version, family_)); }
  // Every `interval`, the first one after it, `count` times.
  void hear_repeatedly(unsigned from, const Query& query, Duration interval, int count);

  void report(unsigned from, std::vector<Record> records);  // v3
  void report(unsigned from, RecordType type, Address group, Addresses sources = {}) {
    report(from, {{.type = type, .group = group, .sources = std::move(sources)}});
  }
  void join(unsigned from, Address group, Version version = Version::k2);
  void leave(unsigned from, Address group);

  // What was sent since the last forget().
  const std::vector<Sent>& sent() const { return sent_; }
  std::vector<Sent> sent_to(Address group) const;
  // When, in milliseconds since the start.
  std::vector<std::int64_t> sent_at() const;
  void forget();

  template <class What>
  std::vector<Told<What>> told() const {
    std::vector<Told<What>> matching;
    for (const auto& [at, action] : actions_) {
      if (const What* what = std::get_if<What>(&action)) matching.push_back({at, *what});
    }
    return matching;
  }

  // Which groups changed in this way, in order.
  std::vector<Told<Address>> changed(HowChanged how) const;

  Family family() const { return family_; }
  Instant now() const { return now_; }
  Duration time() const;  // since the start
  Segment& segment() { return segment_; }
  SegmentView view() const { return segment_.view(now_); }
  Counters counters() const { return view().counters; }
  Role role() const { return view().role; }
  std::optional<Address> elected() const;
  Duration timeout() const;  // of the elected one; zero: nobody is
  bool knows(Address group) const { return find(group).has_value(); }
  std::optional<GroupView> find(Address group) const;

 private:
  Family family_;
  Instant now_;
  Segment segment_;
  std::vector<Sent> sent_;
  std::vector<std::pair<Duration, Action>> actions_;
};

// For tests whose rule holds in both families.
class BothFamilies : public testing::TestWithParam<Family> {
 protected:
  static Address host(unsigned number) { return test::host(number, GetParam()); }
  static Address group(unsigned number) { return test::group(number, GetParam()); }
};

inline std::string family_name(const testing::TestParamInfo<Family>& info) {
  return std::string(name(info.param));
}

}  // namespace querent::core::test
