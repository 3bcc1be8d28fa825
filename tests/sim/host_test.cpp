#include "sim/host.hpp"

#include <chrono>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lan.hpp"

namespace querent::sim::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

const Wish kEverything{.excludes = true, .sources = {}};
const Wish kNothing{};

Wish only(std::set<Address> sources) {
  return {.excludes = false, .sources = std::move(sources)};
}

Wish all_but(std::set<Address> sources) {
  return {.excludes = true, .sources = std::move(sources)};
}

FramePtr question(Version version, Address group, Addresses sources = {}) {
  return on_cable(1, query(version, group, std::move(sources)));
}

// A host, and the test for everybody else. Settled: it has told what it had to tell.
class Listener {
 public:
  explicit Listener(Version version, std::uint64_t seed = 1, int robustness = 2)
      : host_(
            {.address = machine(50), .mac = mac(50), .version = version, .robustness = robustness},
            Random(seed)) {}

  void wish(Address group, const Wish& wish) {
    Node::Out out;
    host_.wish(group, wish, lan_.now(), out);
    lan_.did(std::move(out));
  }
  void settle() {
    lan_.advance(30s);
    lan_.forget();
  }
  // The records of the next report, which must come within `span`.
  std::vector<Record> records_within(Duration span) {
    lan_.forget();
    lan_.advance(span);
    const auto reports = lan_.messages<Report>();
    EXPECT_THAT(reports, SizeIs(1));
    return reports.empty() ? std::vector<Record>{} : reports.front().records;
  }
  // The version of each of its next reports.
  std::vector<Version> versions_within(Duration span) {
    lan_.forget();
    lan_.advance(span);
    std::vector<Version> versions;
    for (const auto& report : lan_.messages<Report>())
      versions.push_back(report.version);
    return versions;
  }

  Alone& lan() { return lan_; }
  Host& host() { return host_; }

 private:
  Host host_;
  Alone lan_{host_};
};

using Records = std::vector<Record>;
using Versions = std::vector<Version>;

// RFC 1112 and RFC 2236.

TEST(AnOldHost, ReportsAJoinAtOnceAndAgainWithin10Seconds) {
  for (const auto version : {Version::k1, Version::k2}) {
    Listener listener(version);
    listener.wish(group(1), kEverything);
    ASSERT_THAT(listener.lan().said(), SizeIs(1));
    const auto& packet = *listener.lan().said().front().frame->message;
    EXPECT_EQ(packet.source, machine(50));
    EXPECT_EQ(packet.destination, group(1)) << "to the group, so that others can be silent";
    EXPECT_EQ(packet.hop_limit, 1);
    listener.lan().advance(10s);
    EXPECT_THAT(listener.lan().said(), SizeIs(2));
    for (const auto& report : listener.lan().messages<Report>()) {
      EXPECT_EQ(report.version, version);
      EXPECT_EQ(report.records, (Records{{RecordType::kIsExclude, group(1), {}}}));
    }
    listener.lan().advance(10min);
    EXPECT_THAT(listener.lan().said(), SizeIs(2)) << "unasked, it says no more";
  }
}

TEST(AnOldHost, Version2LeavesAloudAndVersion1InSilence) {
  Listener two(Version::k2);
  two.wish(group(1), kEverything);
  two.settle();
  two.wish(group(1), kNothing);
  ASSERT_THAT(two.lan().said(), SizeIs(1));
  EXPECT_EQ(two.lan().messages<Leave>().front().group, group(1));
  EXPECT_EQ(two.lan().said().front().frame->message->destination, Address::v4(224, 0, 0, 2));
  Listener one(Version::k1);
  one.wish(group(1), kEverything);
  one.settle();
  one.wish(group(1), kNothing);
  one.lan().advance(10min);
  EXPECT_THAT(one.lan().said(), IsEmpty());
}

TEST(AnOldHost, AnswersAGeneralQueryForEachGroupWithinTheMaxResponse) {
  std::set<Duration> delays;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Listener listener(Version::k2, seed);
    listener.wish(group(1), kEverything);
    listener.wish(group(2), kEverything);
    listener.settle();
    const Duration asked = listener.lan().time();
    listener.lan().hear(query_frame(1, Version::k2));
    listener.lan().advance(1min);
    ASSERT_THAT(listener.lan().said(), SizeIs(2));
    for (const auto& said : listener.lan().said()) {
      delays.insert(said.at - asked);
      EXPECT_LE(said.at - asked, 10s);
      EXPECT_GT(said.at - asked, 0s);
    }
  }
  EXPECT_LT(*delays.begin(), 1s) << "drawn from all of the response time";
  EXPECT_GT(*delays.rbegin(), 9s);
}

TEST(AnOldHost, AnswersAQuestionAboutItsGroupAndNoOther) {
  Listener listener(Version::k2);
  listener.wish(group(1), kEverything);
  listener.settle();
  listener.lan().hear(question(Version::k2, group(2)));
  listener.lan().advance(1min);
  EXPECT_THAT(listener.lan().said(), IsEmpty());
  listener.lan().hear(question(Version::k2, group(1)));
  EXPECT_EQ(listener.records_within(1s), (Records{{RecordType::kIsExclude, group(1), {}}}));
}

TEST(AnOldHost, IsSilentWhenAnotherHostAnswersFirst) {
  Listener listener(Version::k2);
  listener.wish(group(1), kEverything);
  listener.wish(group(2), kEverything);
  listener.settle();
  listener.lan().hear(query_frame(1, Version::k2));
  listener.lan().hear(join_frame(51, group(1)));
  EXPECT_EQ(listener.records_within(1min), (Records{{RecordType::kIsExclude, group(2), {}}}));
}

TEST(AnOldHost, AnswersTheEarlierOfTwoQuestionsOnce) {
  Listener listener(Version::k2);
  listener.wish(group(1), kEverything);
  listener.settle();
  listener.lan().hear(query_frame(1, Version::k2));
  listener.lan().hear(question(Version::k2, group(1)));
  EXPECT_EQ(listener.records_within(1s), (Records{{RecordType::kIsExclude, group(1), {}}}));
  listener.lan().forget();
  listener.lan().advance(1min);
  EXPECT_THAT(listener.lan().said(), IsEmpty());
}

TEST(AnOldHost, OwesNothingForAGroupThatItLeft) {
  Listener listener(Version::k2);
  listener.wish(group(1), kEverything);
  listener.settle();
  listener.lan().hear(query_frame(1, Version::k2));
  listener.wish(group(1), kNothing);
  listener.lan().forget();
  listener.lan().advance(1min);
  EXPECT_THAT(listener.lan().said(), IsEmpty());
}

// RFC 9776.

TEST(AVersion3Host, TellsAChangeAsOftenAsItsRobustnessWithin1SecondEach) {
  for (const int robustness : {2, 5}) {
    Listener listener(Version::k3, 1, robustness);
    listener.wish(group(1), kEverything);
    ASSERT_THAT(listener.lan().said(), SizeIs(1));
    EXPECT_EQ(listener.lan().said().front().frame->message->destination,
              Address::v4(224, 0, 0, 22));
    listener.lan().advance((robustness - 1) * 1s);
    const auto reports = listener.lan().messages<Report>();
    EXPECT_THAT(reports, SizeIs(robustness));
    for (const auto& report : reports)
      EXPECT_EQ(report.records, (Records{{RecordType::kToExclude, group(1), {}}}));
    listener.lan().forget();
    listener.lan().advance(10min);
    EXPECT_THAT(listener.lan().said(), IsEmpty());
  }
}

// RFC 9776 5.1, the table of state changes.
TEST(AVersion3Host, NamesWhatChanged) {
  const Address a = machine(101);
  const Address b = machine(102);
  struct Change {
    Wish from;
    Wish to;
    Records told;
  };
  const std::vector<Change> changes{
      {kEverything, kNothing, {{RecordType::kToInclude, group(1), {}}}},
      {kNothing, only({a}), {{RecordType::kAllow, group(1), {a}}}},
      {only({a}), kNothing, {{RecordType::kBlock, group(1), {a}}}},
      {only({a}),
       only({b}),
       {{RecordType::kAllow, group(1), {b}}, {RecordType::kBlock, group(1), {a}}}},
      {only({a}), all_but({b}), {{RecordType::kToExclude, group(1), {b}}}},
      {all_but({b}), only({a}), {{RecordType::kToInclude, group(1), {a}}}},
      {all_but({a}),
       all_but({b}),
       {{RecordType::kAllow, group(1), {a}}, {RecordType::kBlock, group(1), {b}}}},
      {only({a}), only({a}), {}},
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    SCOPED_TRACE(i);
    Listener listener(Version::k3);
    listener.wish(group(1), changes[i].from);
    listener.settle();
    listener.wish(group(1), changes[i].to);
    Records told;
    for (const auto& report : listener.lan().messages<Report>())
      told.insert(told.end(), report.records.begin(), report.records.end());
    EXPECT_EQ(told, changes[i].told);
  }
}

TEST(AVersion3Host, TellsAChangeOnTopOfAnotherAsTheWholeState) {
  Listener listener(Version::k3);
  listener.wish(group(1), only({machine(101)}));
  listener.lan().forget();
  listener.wish(group(1), only({machine(101), machine(102)}));
  const Records whole{{RecordType::kToInclude, group(1), {machine(101), machine(102)}}};
  EXPECT_EQ(listener.lan().messages<Report>().front().records, whole);
  EXPECT_EQ(listener.records_within(5s), whole) << "and that is what is repeated";
}

TEST(AVersion3Host, AnswersAGeneralQueryWithAllItsGroupsInOneReport) {
  Listener listener(Version::k3);
  listener.wish(group(1), kEverything);
  listener.wish(group(2), only({machine(101)}));
  listener.wish(group(3), all_but({machine(102)}));
  listener.settle();
  listener.lan().hear(query_frame(1, Version::k3));
  EXPECT_EQ(listener.records_within(10s),
            (Records{{RecordType::kIsExclude, group(1), {}},
                     {RecordType::kIsInclude, group(2), {machine(101)}},
                     {RecordType::kIsExclude, group(3), {machine(102)}}}));
}

TEST(AVersion3Host, AnswersAQuestionAboutItsGroupWithItsState) {
  Listener listener(Version::k3);
  listener.wish(group(2), only({machine(101)}));
  listener.settle();
  listener.lan().hear(question(Version::k3, group(1)));
  listener.lan().hear(question(Version::k3, group(2)));
  EXPECT_EQ(listener.records_within(1s),
            (Records{{RecordType::kIsInclude, group(2), {machine(101)}}}));
}

TEST(AVersion3Host, AnswersAQuestionAboutSourcesWithThoseItWants) {
  const Addresses asked{machine(101), machine(102), machine(103)};
  Listener includes(Version::k3);
  includes.wish(group(1), only({machine(102), machine(104)}));
  includes.settle();
  includes.lan().hear(question(Version::k3, group(1), asked));
  EXPECT_EQ(includes.records_within(1s),
            (Records{{RecordType::kIsInclude, group(1), {machine(102)}}}));
  Listener excludes(Version::k3);
  excludes.wish(group(1), all_but({machine(102)}));
  excludes.settle();
  excludes.lan().hear(question(Version::k3, group(1), asked));
  EXPECT_EQ(excludes.records_within(1s),
            (Records{{RecordType::kIsInclude, group(1), {machine(101), machine(103)}}}));
  Listener others(Version::k3);
  others.wish(group(1), only({machine(104)}));
  others.settle();
  others.lan().hear(question(Version::k3, group(1), asked));
  others.lan().advance(1min);
  EXPECT_THAT(others.lan().said(), IsEmpty());
}

TEST(AVersion3Host, MergesQuestionsThatItHasNotAnsweredYet) {
  Listener listener(Version::k3);
  listener.wish(group(1), kEverything);
  listener.settle();
  listener.lan().hear(question(Version::k3, group(1), {machine(101)}));
  listener.lan().hear(question(Version::k3, group(1), {machine(102)}));
  EXPECT_EQ(listener.records_within(1s),
            (Records{{RecordType::kIsInclude, group(1), {machine(101), machine(102)}}}));
  listener.lan().hear(question(Version::k3, group(1), {machine(101)}));
  listener.lan().hear(question(Version::k3, group(1)));
  EXPECT_EQ(listener.records_within(1s), (Records{{RecordType::kIsExclude, group(1), {}}}));
}

TEST(AVersion3Host, IsNotSilencedByOthers) {
  Listener listener(Version::k3);
  listener.wish(group(1), kEverything);
  listener.settle();
  listener.lan().hear(query_frame(1, Version::k3));
  listener.lan().hear(join_frame(51, group(1)));
  listener.lan().hear(join_frame(52, group(1), Version::k3));
  EXPECT_EQ(listener.records_within(10s), (Records{{RecordType::kIsExclude, group(1), {}}}));
}

// RFC 9776 7.2.1: the version of the oldest querier heard lately.

TEST(AVersion3Host, SpeaksAsTheOldestQuerierFor260Seconds) {
  for (const auto older : {Version::k1, Version::k2}) {
    Listener listener(Version::k3);
    listener.wish(group(1), kEverything);
    listener.settle();
    listener.lan().hear(query_frame(1, older));
    EXPECT_EQ(listener.versions_within(100s), Versions{older});
    listener.lan().hear(query_frame(2, Version::k3));
    EXPECT_EQ(listener.versions_within(160s - 1ns), Versions{older})
        << "a newer one changes nothing";
    listener.lan().forget();
    listener.wish(group(2), kEverything);
    EXPECT_EQ(listener.lan().messages<Report>().front().version, older);
    listener.lan().advance(1ns);
    listener.lan().forget();
    listener.wish(group(3), kEverything);
    EXPECT_EQ(listener.lan().messages<Report>().front().version, Version::k3);
    listener.settle();
    listener.lan().hear(query_frame(2, Version::k3));
    EXPECT_EQ(listener.versions_within(20s), Versions{Version::k3});
  }
}

TEST(AVersion3Host, ForgetsWhatItOwesWhenItsVersionChanges) {
  Listener listener(Version::k3);
  listener.wish(group(1), kEverything);
  listener.settle();
  listener.lan().hear(query_frame(1, Version::k3));
  listener.lan().hear(question(Version::k3, group(1)));
  listener.wish(group(3), kEverything);  // to be told once more
  listener.lan().forget();
  listener.lan().hear(question(Version::k2, group(2)));
  listener.lan().advance(1min);
  EXPECT_THAT(listener.lan().said(), IsEmpty());
}

TEST(AVersion3Host, JoinsAndLeavesInTheVersionOfTheQuerier) {
  Listener two(Version::k3);
  two.lan().hear(query_frame(1, Version::k2));
  two.wish(group(1), kEverything);
  EXPECT_EQ(two.lan().messages<Report>().front().version, Version::k2);
  two.settle();
  two.wish(group(1), kNothing);
  EXPECT_THAT(two.lan().messages<Leave>(), SizeIs(1));
  Listener one(Version::k3);
  one.lan().hear(query_frame(1, Version::k1));
  one.wish(group(1), kEverything);
  EXPECT_EQ(one.lan().messages<Report>().front().version, Version::k1);
  one.settle();
  one.wish(group(1), kNothing);
  EXPECT_THAT(one.lan().said(), IsEmpty());
}

TEST(AnOldHost, NeverSpeaksANewerVersionThanItsOwn) {
  for (const auto version : {Version::k1, Version::k2}) {
    Listener listener(version);
    listener.wish(group(1), kEverything);
    listener.settle();
    listener.lan().hear(query_frame(1, Version::k3));
    EXPECT_EQ(listener.versions_within(20s), Versions{version});
  }
  Listener two(Version::k2);
  two.wish(group(1), kEverything);
  two.settle();
  two.lan().hear(query_frame(1, Version::k1));
  EXPECT_EQ(two.versions_within(20s), Versions{Version::k1});
}

TEST(TheStreamAtAHost, IsCountedFromItsFirstDatagramOn) {
  Listener listener(Version::k3);
  listener.lan().hear(data_frame(group(1), 1));
  EXPECT_EQ(listener.host().stream().last_at, std::nullopt) << "it has not joined";
  listener.wish(group(1), kEverything);
  listener.lan().hear(data_frame(group(1), 5));
  listener.lan().hear(data_frame(group(2), 6));
  EXPECT_EQ(listener.host().stream().last, 5U);
  EXPECT_EQ(listener.host().stream().missing, 0U);
  listener.lan().advance(3s);
  listener.lan().hear(data_frame(group(1), 9));
  EXPECT_EQ(listener.host().stream().last, 9U);
  EXPECT_EQ(listener.host().stream().missing, 3U);
  EXPECT_EQ(listener.host().stream().last_at, kStart + 3s);
}

}  // namespace
}  // namespace querent::sim::test
