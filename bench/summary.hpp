#pragma once

#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace querent::bench {

// Prints what the library prints, and then one table for people: each value beside what it is to
// be judged by, a limit or a yardstick measured in the same run.
class Summary : public benchmark::ConsoleReporter {
 public:
  Summary() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  std::map<std::string, double> values_;  // "run" is nanoseconds; "run:counter" a counter
};

}  // namespace querent::bench
