#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "observe/status.hpp"

namespace querent::observe {

// A number that only grows, of one segment and without further labels. Those with labels (by
// version, reason, address) are in metrics.cpp and json.cpp.
struct SegmentCounter {
  std::string_view key;  // in JSON: "elections_won"
  const char* metric;
  const char* help;
  std::uint64_t (*value)(const SegmentStatus& segment);
};

// Each is declared here once: metrics, JSON, schema and documents have all of them, in this order.
std::span<const SegmentCounter> segment_counters();

}  // namespace querent::observe
