// Floods: of spoofed newcomers while a bound is reached, and of the dearest reports there are.

#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/check.hpp"
#include "test_bed.hpp"

namespace querent::bench {

namespace {

using namespace std::chrono_literals;

constexpr core::Bounds kBounds{};

void refused_group(benchmark::State& state) {
  TestBed bed;
  bed.join_groups(kBounds.groups);
  core::Event event = received(v2_report());
  auto& group = report_in(event).records[0].group;
  std::size_t next = kBounds.groups;
  for (auto _ : state) {
    group = group_address(next++ % 0xFFFF00);
    benchmark::DoNotOptimize(bed.step_after(10ns, event));
  }
  CHECK(bed.view().ledger.refused_groups > 0);
}

core::Event report_of_one_group(RecordType type) {
  core::Event event = received(v3_report(1));
  auto& record = report_in(event).records[0];
  record.group = group_address(0);
  record.type = type;
  return event;
}

void refused_source(benchmark::State& state) {
  TestBed bed;
  core::Event event = report_of_one_group(RecordType::kAllow);
  auto& sources = report_in(event).records[0].sources;
  for (std::size_t i = 0; i < kBounds.sources_per_group; ++i) {
    sources = {source_address(i * 64)};
    bed.step(event);
  }
  std::size_t next = 0;
  for (auto _ : state) {
    sources[0] = source_address(1 + (next++ * 64) % 0xFFFF00);
    benchmark::DoNotOptimize(bed.step_after(10ns, event));
  }
  CHECK(bed.view().ledger.refused_sources > 0);
}

// One group, as many v3 hosts as it may have.
TestBed full_of_hosts(core::Event& event) {
  TestBed bed;
  auto& host = std::get<core::Received>(event).packet.source;
  for (const auto which : shuffled(kBounds.hosts_per_group)) {
    host = host_address(which);
    bed.step(event);
  }
  return bed;
}

void refused_host(benchmark::State& state) {
  core::Event event = report_of_one_group(RecordType::kIsExclude);
  TestBed bed = full_of_hosts(event);
  auto& host = std::get<core::Received>(event).packet.source;
  std::size_t next = kBounds.hosts_per_group;
  for (auto _ : state) {
    host = host_address(next++ % 0xFFFF00);
    benchmark::DoNotOptimize(bed.step_after(10ns, event));
  }
  CHECK(bed.view().ledger.refused_hosts > 0);
}

// One host that turns back and forth, as often as 1,500 octets can say.
constexpr std::size_t kRecordsOfFrame = 180;

core::Event turning(RecordType there, RecordType back) {
  core::Event event = received(v3_report(kRecordsOfFrame));
  auto& records = report_in(event).records;
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].group = group_address(0);
    records[i].type = i % 2 == 0 ? there : back;
  }
  return event;
}

void turn_in_small_group(benchmark::State& state) {
  TestBed bed;
  const core::Event event = turning(RecordType::kToExclude, RecordType::kToInclude);
  for (auto _ : state)
    benchmark::DoNotOptimize(bed.step_after(1us, event));
}

// The lowest host of a full group: all the others move when it goes and when it comes.
void turn_among_hosts(benchmark::State& state) {
  core::Event join = report_of_one_group(RecordType::kToExclude);
  TestBed bed = full_of_hosts(join);
  const core::Event event = turning(RecordType::kToInclude, RecordType::kToExclude);
  for (auto _ : state)
    benchmark::DoNotOptimize(bed.step_after(1us, event));
  CHECK(bed.view().ledger.hosts == kBounds.hosts_per_group);
}

// A full group that all its sources are asked about already, asked about again.
void leave_among_sources(benchmark::State& state) {
  TestBed bed({.version = Version::k3});
  core::Event event = report_of_one_group(RecordType::kAllow);
  auto& sources = report_in(event).records[0].sources;
  for (const auto which : shuffled(kBounds.sources_per_group)) {
    sources.push_back(source_address(which));
  }
  bed.step(event);
  const core::Event leave = turning(RecordType::kToInclude, RecordType::kToInclude);
  for (auto _ : state)
    benchmark::DoNotOptimize(bed.step_after(10ns, leave));
}

// As many sources as 1,500 octets can name, all known and refreshed, in a full group.
void refresh_sources(benchmark::State& state) {
  constexpr std::size_t kSourcesOfFrame = 364;
  TestBed bed;
  core::Event event = report_of_one_group(RecordType::kAllow);
  auto& sources = report_in(event).records[0].sources;
  for (const auto which : shuffled(kBounds.sources_per_group)) {
    sources.push_back(source_address(which));
  }
  bed.step(event);
  sources.resize(kSourcesOfFrame);
  for (auto _ : state)
    benchmark::DoNotOptimize(bed.step_after(1us, event));
  CHECK(bed.view().ledger.sources == kBounds.sources_per_group);
}

BENCHMARK(refused_group);
BENCHMARK(refused_source);
BENCHMARK(refused_host);
BENCHMARK(turn_in_small_group);
BENCHMARK(turn_among_hosts);
BENCHMARK(leave_among_sources);
BENCHMARK(refresh_sources);

}  // namespace

}  // namespace querent::bench
