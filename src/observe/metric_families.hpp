#pragma once

#include <cstdint>
#include <prometheus/metric_family.h>
#include <string>
#include <string_view>
#include <vector>

#include "observe/histogram.hpp"

namespace querent::observe {

using Labels = std::vector<prometheus::ClientMetric::Label>;

// Metrics while they are gathered. Each name has one help text and one type; families come out in
// the order in which they were first named.
class MetricFamilies {
 public:
  void counter(const char* name, const char* help, Labels labels, std::uint64_t value);
  void seconds_counter(const char* name, const char* help, Labels labels, double value);
  void gauge(const char* name, const char* help, Labels labels, double value);
  void histogram(const char* name, const char* help, Labels labels, const Histogram& histogram);

  std::string to_text() const;

 private:
  struct Kind {
    std::string_view name;
    std::string_view help;
    prometheus::MetricType type;
  };
  prometheus::ClientMetric& add(const Kind& kind, Labels labels);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace querent::observe
