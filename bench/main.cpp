// querent-bench: `./dev bench`. Arguments are Google Benchmark's; --benchmark_min_time=0.01 is
// enough to see that everything runs, and takes seconds.

#include <benchmark/benchmark.h>

#include "summary.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  querent::bench::Summary summary;
  benchmark::RunSpecifiedBenchmarks(&summary);
  return 0;
}
