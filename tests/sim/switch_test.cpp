#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lan.hpp"
#include "sim/snooping_switch.hpp"

// RFC 4541 2.1, as far as a cheap switch without a querier follows it.

namespace querent::sim::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

using Ports = std::vector<SnoopingSwitch::Port>;

constexpr SnoopingSwitch::Port kQuerier = 0;
constexpr SnoopingSwitch::Port kSender = 1;
constexpr SnoopingSwitch::Port kReceiver = 2;
constexpr SnoopingSwitch::Port kBystander = 3;

class ASwitch : public testing::Test {
 protected:
  Ports ask(Version version = Version::k2) {
    return switch_.forward(*query_frame(1, version), kQuerier, now_);
  }
  Ports report(RecordType type, Addresses sources = {}) {
    return switch_.forward(*report_frame(3, type, group(1), std::move(sources)), kReceiver, now_);
  }
  Ports stream(Address to = group(1)) { return switch_.forward(*data_frame(to, 1), kSender, now_); }

  Instant now_ = kStart;
  SnoopingSwitch switch_{4, true};
};

TEST_F(ASwitch, FloodsQueriesOfEveryVersionToAllOtherPorts) {
  for (const auto version : {Version::k1, Version::k2, Version::k3}) {
    EXPECT_THAT(ask(version), ElementsAre(kSender, kReceiver, kBystander));
  }
}

TEST_F(ASwitch, DropsAStreamThatNobodyAskedFor) {
  EXPECT_THAT(stream(), IsEmpty());
}

TEST_F(ASwitch, KeepsReportsFromEverybodyWhileThereIsNoRouterPort) {
  EXPECT_THAT(report(RecordType::kToExclude), IsEmpty());
}

TEST_F(ASwitch, SendsReportsAndLeavesToRouterPortsOnly) {
  ask();
  EXPECT_THAT(report(RecordType::kIsExclude), ElementsAre(kQuerier));
  EXPECT_THAT(switch_.forward(*join_frame(3, group(1)), kReceiver, now_), ElementsAre(kQuerier));
  EXPECT_THAT(switch_.forward(*leave_frame(3, group(1)), kReceiver, now_), ElementsAre(kQuerier));
  switch_.forward(*query_frame(4, Version::k2), kBystander, now_);
  EXPECT_THAT(report(RecordType::kIsExclude), ElementsAre(kQuerier, kBystander));
  EXPECT_THAT(switch_.forward(*join_frame(1, group(1)), kQuerier, now_), ElementsAre(kBystander))
      << "never back to where it came from";
}

TEST_F(ASwitch, ForgetsARouterPort255SecondsAfterTheLastQuery) {
  ask();
  now_ += 100s;
  ask();
  now_ += 255s - 1ns;
  EXPECT_THAT(report(RecordType::kIsExclude), ElementsAre(kQuerier));
  now_ += 1ns;
  EXPECT_THAT(report(RecordType::kIsExclude), IsEmpty());
}

TEST_F(ASwitch, AQueryFromTheUnspecifiedAddressIsFloodedAndMakesNoRouterPort) {
  for (const auto version : {Version::k1, Version::k2, Version::k3}) {
    EXPECT_THAT(switch_.forward(*proxy_query_frame(version), kQuerier, now_),
                ElementsAre(kSender, kReceiver, kBystander));
  }
  EXPECT_THAT(report(RecordType::kIsExclude), IsEmpty());
  EXPECT_FALSE(switch_.passes(group(9), kQuerier, now_));
}

TEST_F(ASwitch, ARouterPortReceivesEveryStream) {
  ask();
  EXPECT_THAT(stream(), ElementsAre(kQuerier));
  EXPECT_THAT(stream(group(77)), ElementsAre(kQuerier));
  now_ += 255s;
  EXPECT_THAT(stream(), IsEmpty());
}

TEST_F(ASwitch, AReportOpensItsPortToItsGroupFor260Seconds) {
  report(RecordType::kToExclude);
  EXPECT_THAT(stream(), ElementsAre(kReceiver));
  EXPECT_THAT(stream(group(2)), IsEmpty());
  now_ += 260s - 1ns;
  EXPECT_THAT(stream(), ElementsAre(kReceiver));
  EXPECT_TRUE(switch_.passes(group(1), kReceiver, now_));
  now_ += 1ns;
  EXPECT_THAT(stream(), IsEmpty());
  EXPECT_FALSE(switch_.passes(group(1), kReceiver, now_));
}

TEST_F(ASwitch, EachReportStartsThe260SecondsAnew) {
  report(RecordType::kToExclude);
  now_ += 200s;
  switch_.forward(*join_frame(3, group(1), Version::k1), kReceiver, now_);
  now_ += 260s - 1ns;
  EXPECT_THAT(stream(), ElementsAre(kReceiver));
  now_ += 1ns;
  EXPECT_THAT(stream(), IsEmpty());
}

TEST_F(ASwitch, OnlyARecordThatWantsItsGroupOpensAPort) {
  for (const auto type : {RecordType::kIsInclude, RecordType::kToInclude, RecordType::kAllow}) {
    report(type);
    EXPECT_THAT(stream(), IsEmpty());
  }
  report(RecordType::kBlock, {machine(9)});
  EXPECT_THAT(stream(), IsEmpty());
  for (const auto type : {RecordType::kIsInclude, RecordType::kToInclude, RecordType::kAllow}) {
    SCOPED_TRACE(static_cast<int>(type));
    now_ += 260s;
    EXPECT_THAT(stream(), IsEmpty());
    report(type, {machine(9)});
    EXPECT_THAT(stream(), ElementsAre(kReceiver));
  }
}

TEST_F(ASwitch, LearnsFromEveryRecordOfAReport) {
  const Record one{.type = RecordType::kIsExclude, .group = group(1), .sources = {}};
  const Record two{.type = RecordType::kIsExclude, .group = group(2), .sources = {}};
  switch_.forward(*report_frame(3, {one, two}), kReceiver, now_);
  EXPECT_THAT(stream(group(1)), ElementsAre(kReceiver));
  EXPECT_THAT(stream(group(2)), ElementsAre(kReceiver));
}

TEST_F(ASwitch, FloodsWhatItCannotRead) {
  const auto damaged = corrupted(*join_frame(3, group(1)), 77);
  EXPECT_THAT(switch_.forward(*damaged, kReceiver, now_),
              ElementsAre(kQuerier, kSender, kBystander));
  EXPECT_THAT(stream(), IsEmpty()) << "and learns nothing from it";
}

TEST(AHub, SendsEverythingToEverybodyElse) {
  SnoopingSwitch hub{3, false};
  EXPECT_THAT(hub.forward(*data_frame(group(1), 1), 0, kStart), ElementsAre(1, 2));
  EXPECT_THAT(hub.forward(*join_frame(3, group(1)), 1, kStart), ElementsAre(0, 2));
  EXPECT_THAT(hub.forward(*leave_frame(3, group(1)), 2, kStart), ElementsAre(0, 1));
  EXPECT_THAT(hub.forward(*query_frame(3, Version::k3), 0, kStart), ElementsAre(1, 2));
  EXPECT_TRUE(hub.passes(group(1), 0, kStart));
}

}  // namespace
}  // namespace querent::sim::test
