#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "lan.hpp"

// RFC 9776 6.4.1 and 6.4.2 (the same in RFC 9777 7.4): each row, with sets worked out by hand.
//
// Sources are numbered. In INCLUDE the state before is A = {1, 2, 3}; in EXCLUDE it is X = {1, 2},
// Y = {3, 4}. All of it is 100 s old when the record comes, so that timers tell when they were set:
// GMI = 2 * 60 + 2 * 10 = 140 s, "kept" = 40 s, LMQT = 2 * 1 s.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;
using Numbers = std::vector<unsigned>;

constexpr Duration kGmi = 140s;
constexpr Duration kKept = 40s;
constexpr Duration kLmqt = 2s;

constexpr auto kInclude = FilterMode::kInclude;
constexpr auto kExclude = FilterMode::kExclude;

struct Row {
  const char* name;
  FilterMode before;
  RecordType type;
  Numbers listed;
  FilterMode after;
  std::map<unsigned, Duration> wanted;  // A or X, and the source timers
  Numbers blocked{};                    // Y
  Duration group_timer{0};              // in EXCLUDE
  Numbers asked{};                      // Q(G, S)
  bool asked_all = false;               // Q(G)
};

const std::vector<Row> kCurrentState{
    {"include_is_in",
     kInclude,
     RecordType::kIsInclude,
     {2, 3, 4},
     kInclude,
     {{1, kKept}, {2, kGmi}, {3, kGmi}, {4, kGmi}}},
    {"include_is_ex",
     kInclude,
     RecordType::kIsExclude,
     {2, 3, 4, 5},
     kExclude,
     {{2, kKept}, {3, kKept}},
     {4, 5},
     kGmi},
    {"include_is_ex_of_nothing", kInclude, RecordType::kIsExclude, {}, kExclude, {}, {}, kGmi},
    {"exclude_is_in",
     kExclude,
     RecordType::kIsInclude,
     {2, 3, 5},
     kExclude,
     {{1, kKept}, {2, kGmi}, {3, kGmi}, {5, kGmi}},
     {4},
     kKept},
    {"exclude_is_ex",
     kExclude,
     RecordType::kIsExclude,
     {2, 3, 5},
     kExclude,
     {{2, kKept}, {5, kGmi}},
     {3},
     kGmi},
    {"exclude_is_ex_of_nothing", kExclude, RecordType::kIsExclude, {}, kExclude, {}, {}, kGmi},
};

const std::vector<Row> kChanges{
    {"include_allow",
     kInclude,
     RecordType::kAllow,
     {3, 4},
     kInclude,
     {{1, kKept}, {2, kKept}, {3, kGmi}, {4, kGmi}}},
    {"include_block",
     kInclude,
     RecordType::kBlock,
     {2, 3, 4},
     kInclude,
     {{1, kKept}, {2, kLmqt}, {3, kLmqt}},
     {},
     0s,
     {2, 3}},
    {"include_to_ex",
     kInclude,
     RecordType::kToExclude,
     {2, 3, 4},
     kExclude,
     {{2, kLmqt}, {3, kLmqt}},
     {4},
     kGmi,
     {2, 3}},
    {"include_to_ex_of_nothing", kInclude, RecordType::kToExclude, {}, kExclude, {}, {}, kGmi},
    {"include_to_in",
     kInclude,
     RecordType::kToInclude,
     {3, 4},
     kInclude,
     {{1, kLmqt}, {2, kLmqt}, {3, kGmi}, {4, kGmi}},
     {},
     0s,
     {1, 2}},
    {"include_to_in_of_nothing",
     kInclude,
     RecordType::kToInclude,
     {},
     kInclude,
     {{1, kLmqt}, {2, kLmqt}, {3, kLmqt}},
     {},
     0s,
     {1, 2, 3}},
    {"exclude_allow",
     kExclude,
     RecordType::kAllow,
     {2, 3, 5},
     kExclude,
     {{1, kKept}, {2, kGmi}, {3, kGmi}, {5, kGmi}},
     {4},
     kKept},
    {"exclude_block",
     kExclude,
     RecordType::kBlock,
     {2, 3, 5},
     kExclude,
     {{1, kKept}, {2, kLmqt}, {5, kLmqt}},
     {3, 4},
     kKept,
     {2, 5}},
    {"exclude_to_ex",
     kExclude,
     RecordType::kToExclude,
     {2, 3, 5},
     kExclude,
     {{2, kLmqt}, {5, kLmqt}},
     {3},
     kGmi,
     {2, 5}},
    {"exclude_to_ex_of_nothing", kExclude, RecordType::kToExclude, {}, kExclude, {}, {}, kGmi},
    {"exclude_to_in",
     kExclude,
     RecordType::kToInclude,
     {2, 3, 5},
     kExclude,
     {{1, kLmqt}, {2, kGmi}, {3, kGmi}, {5, kGmi}},
     {4},
     kLmqt,
     {1},
     true},
    {"exclude_to_in_of_nothing",
     kExclude,
     RecordType::kToInclude,
     {},
     kExclude,
     {{1, kLmqt}, {2, kLmqt}},
     {3, 4},
     kLmqt,
     {1, 2},
     true},
};

// What a querier does not do when it is none: nothing is asked, no timer lowered.
Row unasked(Row row) {
  for (auto& [source, timer] : row.wanted) {
    if (timer == kLmqt) timer = kKept;
  }
  if (row.group_timer == kLmqt) row.group_timer = kKept;
  row.asked = {};
  row.asked_all = false;
  return row;
}

Addresses addresses(const Numbers& numbers, Family family) {
  Addresses all;
  for (const unsigned number : numbers)
    all.push_back(host(100 + number, family));
  return all;
}

class RecordTable : public testing::TestWithParam<std::tuple<Family, Row>> {
 protected:
  static Family family() { return std::get<Family>(GetParam()); }
  static const Row& row() { return std::get<Row>(GetParam()); }
  static Address the_group() { return group(1, family()); }

  static void set_up(Lan& lan) {
    lan.up();
    if (row().before == kInclude) {
      lan.report(5, RecordType::kIsInclude, the_group(), addresses({1, 2, 3}, family()));
    } else {
      lan.report(5, RecordType::kIsExclude, the_group(), addresses({3, 4}, family()));
      lan.report(5, RecordType::kAllow, the_group(), addresses({1, 2}, family()));
    }
  }

  static void expect(Lan& lan, const Row& expected) {
    const auto view = lan.find(the_group());
    ASSERT_TRUE(view.has_value());
    EXPECT_EQ(view->mode, expected.after);
    std::map<Address, std::optional<Duration>> sources;
    for (const auto& source : view->sources)
      sources[source.address] = source.expires_in;
    std::map<Address, std::optional<Duration>> expected_sources;
    for (const auto& [number, timer] : expected.wanted) {
      expected_sources[host(100 + number, family())] = timer;
    }
    for (const unsigned number : expected.blocked) {
      expected_sources[host(100 + number, family())] = std::nullopt;
    }
    EXPECT_EQ(sources, expected_sources);
    if (expected.after == kExclude) {
      EXPECT_EQ(view->expires_in, expected.group_timer);
    }
    expect_asked(lan, expected);
  }

  static void expect_asked(const Lan& lan, const Row& expected) {
    std::vector<Query> asked;
    for (const auto& sent : lan.sent_to(the_group()))
      asked.push_back(sent.query);
    std::vector<Query> wanted;
    if (expected.asked_all) wanted.push_back(specific(Version::k3, the_group()));
    if (!expected.asked.empty()) {
      wanted.push_back(specific(Version::k3, the_group(), addresses(expected.asked, family())));
    }
    EXPECT_EQ(asked, wanted);
  }
};

TEST_P(RecordTable, IsTheRfcs) {
  Lan lan(unjittered(Version::k3), family());
  set_up(lan);
  lan.advance(100s);
  lan.forget();
  lan.report(5, row().type, the_group(), addresses(row().listed, family()));
  expect(lan, row());
}

TEST_P(RecordTable, HoldsOnANonQuerierWithoutTheQuestions) {
  Lan lan(unjittered(Version::k3), family());
  set_up(lan);
  lan.hear(1, Version::k3);
  lan.advance(100s);
  lan.forget();
  lan.report(5, row().type, the_group(), addresses(row().listed, family()));
  expect(lan, unasked(row()));
}

TEST_P(RecordTable, TakesSourcesInAnyOrderAndRepeated) {
  Lan lan(unjittered(Version::k3), family());
  set_up(lan);
  lan.advance(100s);
  lan.forget();
  Addresses listed = addresses(row().listed, family());
  listed.insert(listed.end(), listed.rbegin(), listed.rend());
  std::reverse(listed.begin(), listed.end());
  lan.report(5, row().type, the_group(), listed);
  expect(lan, row());
}

std::string row_name(const testing::TestParamInfo<std::tuple<Family, Row>>& of) {
  return std::string(name(std::get<Family>(of.param))) + "_" + std::get<Row>(of.param).name;
}

const auto kFamilies = testing::Values(Family::kIPv4, Family::kIPv6);

INSTANTIATE_TEST_SUITE_P(CurrentState, RecordTable,
                         testing::Combine(kFamilies, testing::ValuesIn(kCurrentState)), row_name);
INSTANTIATE_TEST_SUITE_P(Change, RecordTable,
                         testing::Combine(kFamilies, testing::ValuesIn(kChanges)), row_name);

}  // namespace
}  // namespace querent::core::test
