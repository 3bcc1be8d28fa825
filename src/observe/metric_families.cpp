#include "observe/metric_families.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <prometheus/text_serializer.h>
#include <utility>

#include "base/text.hpp"

namespace querent::observe {

namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void MetricFamilies::counter(const char* name, const char* help, Labels labels,
                             std::uint64_t value) {
  add({name, help, prometheus::MetricType::Counter}, std::move(labels)).counter.value =
      static_cast<double>(value);
}

void MetricFamilies::seconds_counter(const char* name, const char* help, Labels labels,
                                     double value) {
  add({name, help, prometheus::MetricType::Counter}, std::move(labels)).counter.value = value;
}

void MetricFamilies::gauge(const char* name, const char* help, Labels labels, double value) {
  add({name, help, prometheus::MetricType::Gauge}, std::move(labels)).gauge.value = value;
}

void MetricFamilies::histogram(const char* name, const char* help, Labels labels,
                               const Histogram& histogram) {
  auto& into = add({name, help, prometheus::MetricType::Histogram}, std::move(labels)).histogram;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < kHistogramBounds; ++i) {
    count += histogram.counts()[i];
    into.bucket.push_back({count, seconds(histogram.bounds()[i])});
  }
  count += histogram.counts()[kHistogramBounds];
  into.bucket.push_back({count, std::numeric_limits<double>::infinity()});
  into.sample_count = count;
  into.sample_sum = seconds(histogram.sum());
}

std::string MetricFamilies::to_text() const {
  return prometheus::TextSerializer().Serialize(families_);
}

prometheus::ClientMetric& MetricFamilies::add(const Kind& kind, Labels labels) {
  // The same family is named again and again: it is near the end, or where it was before.
  auto found = std::find_if(families_.rbegin(), families_.rend(),
                            [&](const auto& family) { return family.name == kind.name; });
  if (found == families_.rend()) {
    families_.push_back({std::string(kind.name), std::string(kind.help), kind.type, {}});
    found = families_.rbegin();
  }
  auto& metric = found->metric.emplace_back();
  // One octet that is not UTF-8, and a scraper takes nothing of all this.
  for (auto& label : labels)
    label.value = as_utf8(std::move(label.value));
  metric.label = std::move(labels);
  return metric;
}

}  // namespace querent::observe
