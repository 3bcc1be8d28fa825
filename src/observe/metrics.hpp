#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "observe/status.hpp"

namespace querent::observe {

// What only the web server knows.
struct HttpCounts {
  std::map<std::pair<std::string, int>, std::uint64_t> requests{};  // by path and status
};

// What the kernel says of this process.
struct ProcessFacts {
  double cpu_seconds = 0;
  std::uint64_t resident = 0;
  std::uint64_t virtual_memory = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
  std::uint64_t threads = 0;
};

// Of /proc/self; what cannot be read is 0.
ProcessFacts process_facts();

// As many groups of each segment have a series of their own; the others are counted.
inline constexpr std::size_t kListedGroups = 1000;

// Prometheus's text format 0.0.4. docs/metrics.md describes every metric.
std::string metrics_text(const Status& status, const HttpCounts& http, const ProcessFacts& process);

}  // namespace querent::observe
