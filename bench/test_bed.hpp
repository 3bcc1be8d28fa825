#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "core/event.hpp"
#include "core/segment.hpp"
#include "core/settings.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

// What the benchmarks of core stand on: an IPv4 querier, its clock, and reports about groups.

namespace querent::bench {

inline constexpr std::size_t kRecords = 10;  // of a v3 report

// The nth of 2^24 groups, sources or hosts.
Address group_address(std::size_t n);
Address source_address(std::size_t n);
Address host_address(std::size_t n);

// 0 .. n-1, each once, in no order that a cache could guess. The same each time.
std::vector<std::size_t> shuffled(std::size_t n);

// A received report; who sends many of them changes `packet` in place, so that what is measured
// is not the building of packets.
core::Received received(Report report);
Report v2_report();
// `records` IS_EX records, which is what a v3 host answers to a general query.
Report v3_report(std::size_t records);
Report& report_in(core::Event& event);

// A segment that is its network's querier, and what time it is there.
class TestBed {
 public:
  explicit TestBed(core::Settings settings = {});

  // Time passes, with a tick whenever one is due.
  void run_until(Instant when);

  std::vector<core::Action> step(const core::Event& event) { return segment_.step(event, now_); }
  std::vector<core::Action> step_after(Duration passed, const core::Event& event) {
    now_ += passed;
    return step(event);
  }

  // Each of the first `n` groups gets its first report, from one host.
  void join_groups(std::size_t n, Version version = Version::k2);

  core::SegmentView view() const { return segment_.view(now_); }
  const core::Segment& segment() const { return segment_; }
  Instant now() const { return now_; }

 private:
  core::Segment segment_;
  Instant now_{};
};

}  // namespace querent::bench
