#include "summary.hpp"

#include <array>
#include <cstdio>
#include <optional>

namespace querent::bench {

namespace {

struct Unit {
  const char* name = nullptr;
  double of = 1;  // how much of what is measured makes one
};
constexpr Unit kNs{"ns", 1};
constexpr Unit kUs{"us", 1e3};
constexpr Unit kMs{"ms", 1e6};
constexpr Unit kBytes{"B", 1};
constexpr Unit kMegabytes{"MB", 1};

// What a value is compared with: another run, so often, or a fixed number in the value's unit.
struct Measure {
  const char* says = nullptr;
  const char* run = nullptr;
  double times = 1;
};

struct Line {
  const char* says = nullptr;
  const char* key = nullptr;
  Unit unit{};
  Measure measure{};
};

constexpr const char* kSum = "checksum of its octets";
constexpr const char* kLookup = "bare lookup";
constexpr const char* kLookups = "10 bare lookups";
// Nothing may delay a due query by more than this (docs/design/protocol.md 6).
constexpr Measure kTenMs{"10 ms, what a query may be late", nullptr, 10};
// ... though 64 frames are taken in one go.
constexpr Measure kBatch{"156 us, 1/64 of 10 ms", nullptr, 156};
// The shortest frame takes 84 octets of time on the wire.
constexpr Measure kGigabit{"672 ns, a frame's time at 1 Gbit/s", nullptr, 672};

constexpr std::array kLines = {
    Line{"decode a v2 report", "decode_v2_report", kNs, {kSum, "checksum_v2_report"}},
    Line{"decode a v3 report, 10 records", "decode_v3_report", kNs, {kSum, "checksum_v3_report"}},
    Line{"v2 report, 10 groups", "refresh_v2/10", kNs, {kLookup, "lookup/10"}},
    Line{"v2 report, 10,000 groups", "refresh_v2/10000", kNs, {kLookup, "lookup/10000"}},
    Line{"v2 report, 65,536 groups", "refresh_v2/65536", kNs, {kLookup, "lookup/65536"}},
    Line{"v3 report of 10, 10 groups", "refresh_v3/10", kNs, {kLookups, "lookup/10", 10}},
    Line{"v3 report of 10, 10,000 groups", "refresh_v3/10000", kNs, {kLookups, "lookup/10000", 10}},
    Line{"v3 report of 10, 65,536 groups", "refresh_v3/65536", kNs, {kLookups, "lookup/65536", 10}},
    Line{"leave, question, answer, 10 groups", "leave_and_return/10", kNs, {}},
    Line{"leave, question, answer, 10,000 groups", "leave_and_return/10000", kNs, {}},
    Line{"leave, question, answer, 65,536 groups", "leave_and_return/65536", kNs, {}},
    Line{"refused: a group past 65,536", "refused_group", kNs, kGigabit},
    Line{"refused: a source past 1,024 of a group", "refused_source", kNs, kGigabit},
    Line{"refused: a host past 4,096 of a group", "refused_host", kNs, kGigabit},
    Line{"180 turns of a host in its own group", "turn_in_small_group", kUs, kBatch},
    Line{"180 turns of a host among 4,096", "turn_among_hosts", kUs, kBatch},
    Line{"180 leaves of a group of 1,024 sources", "leave_among_sources", kUs, kBatch},
    Line{"364 of 1,024 sources refreshed", "refresh_sources", kUs, kBatch},
    Line{"expire 65,536 groups at once (v2)", "expire_all_v2", kMs, kTenMs},
    Line{"expire 65,536 groups at once (v3)", "expire_all_v3", kMs, kTenMs},
    Line{"look at 65,536 refreshed groups at once", "reschedule_all", kMs, kTenMs},
    Line{"restart the timers of 65,536 groups", "restart_all", kMs, kTenMs},
    Line{"copy 100 of 65,536 groups to be shown", "show_page", kMs, kTenMs},
    Line{"copy a segment's view to be shown", "show_view", kNs, {}},
    Line{"memory a group, 1 host", "memory_bare:bytes", kBytes, {}},
    Line{"memory a group, 1 host, 10 sources", "memory_10_sources:bytes", kBytes, {}},
    Line{"memory of a segment at all bounds", "memory_full:megabytes", kMegabytes, {}},
};

using Values = std::map<std::string, double>;

std::optional<double> find(const Values& values, const char* key) {
  const auto at = values.find(key);
  return at == values.end() ? std::nullopt : std::optional(at->second);
}

void print(const Line& line, double value, const Values& values) {
  std::printf("%-42s %10.*f %-3s", line.says, value < 100 ? 1 : 0, value, line.unit.name);
  const auto& [says, run, times] = line.measure;
  if (run != nullptr) {
    const auto other = find(values, run);
    if (other) std::printf(" %8.2f x %s (%.1f ns)", value / (*other * times), says, *other * times);
  } else if (says != nullptr) {
    std::printf(" %8.2f x %s", value / times, says);
  }
  std::printf("\n");
}

// Google Benchmark has renamed it in 1.8.
template <class Run>
bool is_skipped(const Run& run) {
  if constexpr (requires { run.error_occurred; })
    return run.error_occurred;
  else
    return static_cast<bool>(run.skipped);
}

}  // namespace

void Summary::ReportRuns(const std::vector<Run>& runs) {
  ConsoleReporter::ReportRuns(runs);
  for (const auto& run : runs) {
    if (is_skipped(run) || run.run_type == Run::RT_Aggregate) continue;
    const std::string& name = run.run_name.function_name;
    const std::string key = run.run_name.args.empty() ? name : name + "/" + run.run_name.args;
    const double nanoseconds =
        run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit) * 1e9;
    // Of repetitions the fastest: what disturbed the others is not ours.
    const auto [at, is_new] = values_.try_emplace(key, nanoseconds);
    if (!is_new && nanoseconds < at->second) at->second = nanoseconds;
    for (const auto& [counter, value] : run.counters)
      values_[std::string(key).append(":").append(counter)] = value.value;
  }
}

void Summary::Finalize() {
  ConsoleReporter::Finalize();
  std::printf("\n");
  for (const auto& line : kLines) {
    const auto measured = find(values_, line.key);
    if (measured) print(line, *measured / line.unit.of, values_);
  }
}

}  // namespace querent::bench
