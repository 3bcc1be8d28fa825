// From octets to messages. Every reader of IGMP must sum up all octets: that is the yardstick.

#include <cstddef>

#include <benchmark/benchmark.h>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "test_bed.hpp"
#include "wire/checksum.hpp"
#include "wire/codec.hpp"

namespace querent::bench {

namespace {

Bytes packet_of(Report report) {
  for (std::size_t i = 0; i < report.records.size(); ++i) {
    report.records[i].group = group_address(i);
  }
  return wire::encode(received(std::move(report)).packet);
}

void decode(benchmark::State& state, const Bytes& packet) {
  CHECK(wire::decode(Family::kIPv4, packet));
  for (auto _ : state)
    benchmark::DoNotOptimize(wire::decode(Family::kIPv4, packet));
}

void sum_up(benchmark::State& state, const Bytes& packet) {
  for (auto _ : state)
    benchmark::DoNotOptimize(wire::checksum(packet));
}

void decode_v2_report(benchmark::State& state) {
  decode(state, packet_of(v2_report()));
}
void checksum_v2_report(benchmark::State& state) {
  sum_up(state, packet_of(v2_report()));
}
void decode_v3_report(benchmark::State& state) {
  decode(state, packet_of(v3_report(kRecords)));
}
void checksum_v3_report(benchmark::State& state) {
  sum_up(state, packet_of(v3_report(kRecords)));
}

BENCHMARK(decode_v2_report);
BENCHMARK(checksum_v2_report);
BENCHMARK(decode_v3_report);
BENCHMARK(checksum_v3_report);

}  // namespace

}  // namespace querent::bench
