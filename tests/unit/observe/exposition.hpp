#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace querent::observe::test {

// Prometheus's text format 0.0.4, read strictly.
struct Exposition {
  struct Sample {
    std::string name;  // with _bucket, _sum, _count
    std::map<std::string, std::string> labels;
    double value = 0;

    bool operator==(const Sample&) const = default;
  };

  std::vector<Sample> samples;
  std::map<std::string, std::string> types;  // by family
  std::vector<std::string> wrong;            // what a scraper would not take, or should not

  static Exposition parse(const std::string& text);

  // All of a name.
  std::vector<Sample> of(const std::string& name) const;
  // Of exactly one series with these labels, among others; -1: there is none, or there are several.
  double value(const std::string& name, const std::map<std::string, std::string>& labels) const;
};

}  // namespace querent::observe::test
