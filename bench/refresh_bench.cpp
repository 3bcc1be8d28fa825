// Reports that refresh known groups, in an order that no cache can guess, while the table is
// small, large and full. What a table of this size costs at least, a bare hash table shows.

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/check.hpp"
#include "querent/address.hpp"
#include "test_bed.hpp"

namespace querent::bench {

namespace {

using namespace std::chrono_literals;

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(10)->Arg(10000)->Arg(65536);
}

std::size_t size_of(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

// Every group's address, over and over.
class Circle {
 public:
  explicit Circle(std::size_t n) {
    for (const auto which : shuffled(n))
      groups_.push_back(group_address(which));
  }
  Address next() {
    if (++at_ >= groups_.size()) at_ = 0;
    return groups_[at_];
  }

 private:
  std::vector<Address> groups_;
  std::size_t at_ = 0;
};

// Each lookup waits for the one before: latency, not throughput.
void lookup(benchmark::State& state) {
  struct Value {
    std::array<std::uint64_t, 25> words{};
  };
  std::unordered_map<Address, Value, AddressHash> table(0, AddressHash{1});
  const std::size_t groups = size_of(state);
  for (const auto which : shuffled(groups))
    table.try_emplace(group_address(which));
  Circle circle(groups);
  std::uint32_t zero = 0;
  for (auto _ : state) {
    auto& words = table.find(Address::v4(circle.next().v4_bits() ^ zero))->second.words;
    ++words[1];
    zero = static_cast<std::uint32_t>(words[0]);
    benchmark::DoNotOptimize(zero);
  }
}

void refresh(benchmark::State& state, Report report) {
  const std::size_t groups = size_of(state);
  TestBed bed;
  bed.join_groups(groups, report.version);
  Circle circle(groups);
  core::Event event = received(std::move(report));
  auto& records = report_in(event).records;
  for (auto _ : state) {
    for (auto& record : records)
      record.group = circle.next();
    benchmark::DoNotOptimize(bed.step_after(1us, event));
  }
  CHECK(bed.view().groups == groups);
}

void refresh_v2(benchmark::State& state) {
  refresh(state, v2_report());
}
void refresh_v3(benchmark::State& state) {
  refresh(state, v3_report(kRecords));
}

// A member leaves and is asked for; another one answers. 8 ms a turn: as often as the limit of
// questions lets through, two queries each.
void leave_and_return(benchmark::State& state) {
  const std::size_t groups = size_of(state);
  TestBed bed;
  bed.join_groups(groups);
  Circle circle(groups);
  core::Event answer = received(v2_report());
  core::Event event = answer;
  auto& leave = std::get<core::Received>(event).packet.message.emplace<Leave>();
  for (auto _ : state) {
    leave.group = circle.next();
    report_in(answer).records[0].group = leave.group;
    benchmark::DoNotOptimize(bed.step_after(4ms, event));
    benchmark::DoNotOptimize(bed.step_after(4ms, answer));
  }
  CHECK(bed.view().ledger.refused_questions == 0);
}

BENCHMARK(lookup)->Apply(sizes);
BENCHMARK(refresh_v2)->Apply(sizes);
BENCHMARK(refresh_v3)->Apply(sizes);
BENCHMARK(leave_and_return)->Apply(sizes);

}  // namespace

}  // namespace querent::bench
