#include <chrono>

#include <gtest/gtest.h>

#include "lan.hpp"

// What a segment remembers, and what it forgets, when its link or its settings change.

namespace querent::core::test {
namespace {

using namespace std::chrono_literals;

TEST(Restart, HasHeldNoRoleBefore) {
  Lan lan;
  lan.up();
  const auto roles = lan.told<RoleChanged>();
  ASSERT_EQ(roles.size(), 1U);
  EXPECT_EQ(roles[0].what.held, 0s);
}

TEST(Restart, ForgetsAnOlderVersionOfAnotherNetwork) {
  Settings settings = unjittered(Version::k3);
  settings.follow_older_version = true;
  Lan lan(settings);
  lan.up();
  lan.hear(20, Version::k1);
  EXPECT_EQ(lan.view().version, Version::k1);
  EXPECT_TRUE(lan.view().last_competitor.has_value());
  lan.step(LinkDown{});
  lan.up();
  EXPECT_EQ(lan.view().version, Version::k3);
  EXPECT_FALSE(lan.view().version_mismatch);
  EXPECT_FALSE(lan.view().last_competitor.has_value());
}

TEST(Passive, KeepsTheElectedQuerierWhateverOurAddressIs) {
  Settings settings = unjittered();
  settings.passive = true;
  Lan lan(settings);
  lan.up();
  lan.hear(1, Version::k2);
  lan.step(LinkChanged{link_of({{host(30), 24}})});
  EXPECT_EQ(lan.elected(), host(1));
  EXPECT_EQ(lan.view().source, host(30));
  settings.source = host(99);
  lan.step(Reconfigured{settings});
  EXPECT_EQ(lan.elected(), host(1));
  EXPECT_EQ(lan.view().source, std::nullopt);
  EXPECT_TRUE(lan.sent().empty());
}

TEST(Reporter, ThatGivesUpAGroupIsNotItsLastOne) {
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.report(5, RecordType::kIsExclude, group(1));
  lan.report(6, RecordType::kToInclude, group(1));
  EXPECT_EQ(lan.find(group(1))->last_reporter, host(5));
}

TEST(SourceSpecific, MembersAreOrdinaryUnderAQuerierThatAsksInVersion2) {
  const Address ssm = Address::v4(232, 1, 1, 1);
  Lan lan(unjittered(Version::k3));
  lan.up();
  lan.hear(1, Version::k2);
  lan.join(5, ssm);
  EXPECT_TRUE(lan.knows(ssm));
  EXPECT_EQ(lan.counters().ssm_violations, 0U);
}

}  // namespace
}  // namespace querent::core::test
