#include "link_kit.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>

#include "os/clock.hpp"

namespace querent::test {

namespace {

double in_ms(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// Gaps that only a startup burst has.
int short_gaps(const std::vector<HeardFrame>& queries, std::size_t first = 0) {
  constexpr Duration kShort = 900ms;
  int found = 0;
  for (std::size_t at = first + 1; at < queries.size(); ++at)
    if (queries[at].at - queries[at - 1].at < kShort) ++found;
  return found;
}

}  // namespace

lab::Process start_slowly(const lab::Namespace& where, const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{program(), "run", "--query-interval", "2s", "--startup-interval",
                                "200ms"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  auto process = start(where, argv);
  EXPECT_TRUE(process.wait_for_errors("started", kPatience)) << process.errors();
  return process;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

QueryListener::Test nth(const QueryListener::Test& test, int n) {
  return [test, n](const HeardFrame& sighting) mutable { return test(sighting) && --n == 0; };
}

void expect_fresh_start(const QueryListener& ear, Address source, std::size_t from, Instant since) {
  const auto fourth = ear.await(nth(general_query_from(source), 4), kPatience, from);
  ASSERT_TRUE(fourth) << "no four queries from " << source.to_string();
  const auto queries = ear.general_queries(source, from);
  const Duration late = queries.front().at - since;
  fmt::print("first query from {}: after {:.1f} ms\n", source.to_string(), in_ms(late));
  EXPECT_LE(late, 2s);
  // Three queries; the switch may not forward yet when the first one comes.
  EXPECT_GE(short_gaps(queries), 1) << "no startup burst";
  EXPECT_LE(short_gaps(queries), 2) << "more than one startup burst";
}

void expect_undisturbed(const QueryListener& ear, Address source, std::size_t from) {
  ASSERT_TRUE(ear.await(nth(general_query_from(source), 2), kPatience, from));
  const auto since = ear.general_queries(source, from);
  const auto all = ear.general_queries(source);
  const std::size_t before = all.size() - since.size();
  EXPECT_EQ(short_gaps(all, before == 0 ? 0 : before - 1), 0) << "a startup burst";
}

void expect_silence(const QueryListener& ear, std::size_t from) {
  const auto asks = [](const HeardFrame& sighting) { return sighting.general_query() != nullptr; };
  const auto heard = ear.await(asks, kQueryInterval * 3 / 2, from);
  EXPECT_FALSE(heard) << "a query from " << heard->packet->source.to_string();
}

std::string stop(lab::Process& process) {
  const auto usage = process.usage();
  EXPECT_TRUE(good(usage));
  const Instant asked = os::now();
  process.kill(SIGTERM);
  const auto ran = finish(process);
  fmt::print("{:.0f} ms of CPU time; ended in {:.1f} ms\n", in_ms(usage->cpu),
             in_ms(os::now() - asked));
  EXPECT_LT(usage->cpu, 3s) << "it spins";
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(count(ran.err, "final: "), 1U) << ran.err;
  if (testing::Test::HasFailure()) fmt::print("it said:\n{}\n", ran.err);
  return ran.err;
}

}  // namespace querent::test
