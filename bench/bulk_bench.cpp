// What concerns all groups at once: memory, and the longest that one step or one look can take.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>

#include <benchmark/benchmark.h>

#include "base/check.hpp"
#include "core/intervals.hpp"
#include "heap.hpp"
#include "test_bed.hpp"

namespace querent::bench {

namespace {

constexpr core::Bounds kBounds{};

template <class Work>
double seconds_of(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// When groups end that are joined now and never again.
Instant end_of_groups(const TestBed& bed) {
  return bed.now() + core::group_membership_interval(bed.view().values);
}

void expire_all(benchmark::State& state, Version version) {
  for (auto _ : state) {
    TestBed bed;
    bed.join_groups(kBounds.groups, version);
    const Instant end = end_of_groups(bed);
    bed.run_until(end - Duration{1});
    CHECK(bed.view().groups == kBounds.groups);
    const auto expire = [&] {
      benchmark::DoNotOptimize(bed.step_after(Duration{1}, core::Tick{}));
    };
    state.SetIterationTime(seconds_of(expire));
    CHECK(bed.view().groups == 0);
  }
}

// All were refreshed meanwhile: each is looked at and stays.
void reschedule_all(benchmark::State& state) {
  for (auto _ : state) {
    TestBed bed;
    bed.join_groups(kBounds.groups);
    const Instant end = end_of_groups(bed);
    bed.run_until(end - std::chrono::seconds(10));
    bed.join_groups(kBounds.groups);
    bed.run_until(end - Duration{1});
    const auto look = [&] { benchmark::DoNotOptimize(bed.step_after(Duration{1}, core::Tick{})); };
    state.SetIterationTime(seconds_of(look));
    CHECK(bed.view().groups == kBounds.groups);
  }
}

void expire_all_v2(benchmark::State& state) {
  expire_all(state, Version::k2);
}
void expire_all_v3(benchmark::State& state) {
  expire_all(state, Version::k3);
}

// The link comes back, or the machine wakes up: every timer starts anew.
void restart_all(benchmark::State& state) {
  TestBed bed;
  bed.join_groups(kBounds.groups);
  core::LocalInterface link;
  link.addresses.emplace_back(Address::v4(10, 0, 0, 1), 8);
  for (auto _ : state)
    benchmark::DoNotOptimize(bed.step(core::LinkUp{link}));
}

// What the event loop does for a page of 100 groups, from the middle of a full table.
void show_page(benchmark::State& state) {
  TestBed bed;
  bed.join_groups(kBounds.groups);
  const Address after = group_address(kBounds.groups / 2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(bed.segment().groups(after, 100, bed.now()));
  }
}

void show_view(benchmark::State& state) {
  TestBed bed;
  bed.join_groups(kBounds.groups);
  for (auto _ : state)
    benchmark::DoNotOptimize(bed.view());
}

struct Filling {
  std::size_t groups = 0;
  std::size_t sources = 0;  // of each group
  std::size_t hosts = 0;    // of each group
};

void measure_memory(benchmark::State& state, const Filling& filling) {
  for (auto _ : state) {
    const std::size_t before = heap_in_use();
    auto bed = std::make_unique<TestBed>();
    core::Event event = received(v3_report(1));
    auto& packet = std::get<core::Received>(event).packet;
    auto& record = report_in(event).records[0];
    for (std::size_t i = 0; i < filling.sources; ++i)
      record.sources.push_back(source_address(i));
    record.type = filling.sources > 0 ? RecordType::kAllow : RecordType::kIsExclude;
    for (const auto group : shuffled(filling.groups)) {
      for (std::size_t host = 0; host < filling.hosts; ++host) {
        packet.source = host_address(host);
        record.group = group_address(group);
        bed->step(event);
      }
    }
    const auto view = bed->view();
    CHECK(view.groups == filling.groups);
    CHECK(view.ledger.sources == filling.groups * filling.sources);
    CHECK(view.ledger.hosts == filling.groups * filling.hosts);
    const auto used = static_cast<double>(heap_in_use() - before);
    state.counters["bytes"] = used / static_cast<double>(filling.groups);
    state.counters["megabytes"] = used / 1e6;
  }
}

void memory_bare(benchmark::State& state) {
  measure_memory(state, {.groups = kBounds.groups, .sources = 0, .hosts = 1});
}
void memory_10_sources(benchmark::State& state) {
  measure_memory(state, {.groups = kBounds.sources / 10, .sources = 10, .hosts = 1});
}
void memory_full(benchmark::State& state) {
  measure_memory(state, {.groups = kBounds.groups,
                         .sources = kBounds.sources / kBounds.groups,
                         .hosts = kBounds.hosts / kBounds.groups});
}

void rarely(benchmark::internal::Benchmark* bench) {
  bench->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);
}
void once(benchmark::internal::Benchmark* bench) {
  bench->Iterations(1)->Unit(benchmark::kMillisecond);
}

BENCHMARK(memory_bare)->Apply(once);
BENCHMARK(memory_10_sources)->Apply(once);
BENCHMARK(memory_full)->Apply(once);
BENCHMARK(expire_all_v2)->Apply(rarely);
BENCHMARK(expire_all_v3)->Apply(rarely);
BENCHMARK(reschedule_all)->Apply(rarely);
BENCHMARK(restart_all)->Unit(benchmark::kMillisecond);
BENCHMARK(show_page)->Unit(benchmark::kMillisecond);
BENCHMARK(show_view);

}  // namespace

}  // namespace querent::bench
