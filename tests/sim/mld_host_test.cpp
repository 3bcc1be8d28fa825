// Hosts as RFC 2710 and RFC 9777 have them, where they differ from IGMP's.

#include <chrono>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lan.hpp"
#include "sim/foreign_querier.hpp"
#include "sim/host.hpp"

namespace querent::sim::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Family kIPv6 = Family::kIPv6;
const Wish kEverything{.excludes = true, .sources = {}};
const Address kGroup = group(1, kIPv6);

Address at(const char* text) {
  return Address::parse(text).value();
}

class AnMldHost : public testing::Test {
 protected:
  static Host::Traits traits(Version version, Address address = machine(50, kIPv6)) {
    return {.address = address, .mac = mac(50), .version = version};
  }
  void wish(const Wish& wish) {
    Node::Out out;
    host_->wish(kGroup, wish, lan_.now(), out);
    lan_.did(std::move(out));
  }
  // Another host, and nothing to tell.
  void become(const Host::Traits& traits) {
    host_.emplace(traits, Random(1));
    lan_ = Alone(*host_);
  }
  void become_member(Version version) {
    become(traits(version));
    wish(kEverything);
    lan_.advance(30s);
    lan_.forget();
  }
  std::size_t answers_to(const Packet& packet) {
    lan_.hear(make_frame(mac(1), packet));
    lan_.advance(30s);
    const std::size_t answers = lan_.said().size();
    lan_.forget();
    return answers;
  }

  std::optional<Host> host_{std::in_place, traits(Version::k3), Random(1)};
  Alone lan_{*host_};
};

TEST_F(AnMldHost, OfVersion1ReportsToTheGroupAndSaysDoneToAllRouters) {
  become(traits(Version::k2));
  wish(kEverything);
  ASSERT_THAT(lan_.said(), SizeIs(1));
  const auto& report = *lan_.said().front().frame->message;
  EXPECT_EQ(report.source, machine(50, kIPv6));
  EXPECT_EQ(report.destination, kGroup);
  EXPECT_EQ(report.hop_limit, 1);
  EXPECT_TRUE(report.router_alert);
  lan_.advance(30s);
  lan_.forget();
  wish({});
  ASSERT_THAT(lan_.messages<Leave>(), SizeIs(1));
  EXPECT_EQ(lan_.said().front().frame->message->destination, at("ff02::2"));
}

TEST_F(AnMldHost, OfVersion2ReportsToItsOwnRoutersGroup) {
  wish(kEverything);
  ASSERT_THAT(lan_.messages<Report>(), SizeIs(1));
  EXPECT_EQ(lan_.messages<Report>().front().records,
            (std::vector<Record>{{RecordType::kToExclude, kGroup, {}}}));
  EXPECT_EQ(lan_.said().front().frame->message->destination, at("ff02::16"));
}

TEST_F(AnMldHost, OfVersion1IsSilentWhenAnotherOneAnswersFirst) {
  become_member(Version::k2);
  lan_.hear(query_frame(1, Version::k2, kIPv6));
  lan_.hear(join_frame(51, kGroup));
  lan_.advance(30s);
  EXPECT_THAT(lan_.said(), IsEmpty());
}

TEST_F(AnMldHost, OfVersion2SpeaksVersion1AfterAQueryOfIt) {
  become_member(Version::k3);
  lan_.hear(query_frame(1, Version::k2, kIPv6));
  lan_.advance(30s);
  ASSERT_THAT(lan_.messages<Report>(), SizeIs(1));
  EXPECT_EQ(lan_.messages<Report>().front().version, Version::k2);
}

TEST_F(AnMldHost, WithoutAnAddressIsSilentUntilItHasOne) {
  for (const auto version : {Version::k2, Version::k3}) {
    become(traits(version, Address{}));
    wish(kEverything);
    lan_.hear(query_frame(1, version, kIPv6));
    lan_.advance(30s);
    EXPECT_THAT(lan_.said(), IsEmpty());
    host_->take_address(machine(50, kIPv6), lan_.now());
    lan_.advance(10s);
    ASSERT_THAT(lan_.messages<Report>(), SizeIs(1)) << "then it tells what it wants";
    EXPECT_EQ(lan_.messages<Report>().front().version, version);
    EXPECT_EQ(lan_.said().front().frame->message->source, machine(50, kIPv6));
  }
}

TEST_F(AnMldHost, TellsNothingWhenOneAddressTakesAnothersPlace) {
  become_member(Version::k3);
  host_->take_address(machine(51, kIPv6), lan_.now());
  lan_.advance(1min);
  EXPECT_THAT(lan_.said(), IsEmpty());
}

TEST_F(AnMldHost, LooksAtTheEnvelope) {
  become_member(Version::k3);
  const Packet good = *query_frame(1, Version::k3, kIPv6)->message;
  EXPECT_EQ(answers_to(good), 1U);
  auto bad = good;
  bad.hop_limit = 2;
  EXPECT_EQ(answers_to(bad), 0U);
  bad = good;
  bad.router_alert = false;
  EXPECT_EQ(answers_to(bad), 0U);
  for (const auto* source : {"::", "2001:db8::1"}) {
    bad = good;
    bad.source = at(source);
    EXPECT_EQ(answers_to(bad), 0U) << source;
  }
  auto other = good;
  other.destination = machine(49, kIPv6);
  EXPECT_EQ(answers_to(other), 0U) << "meant for somebody else";
  other.destination = machine(50, kIPv6);
  EXPECT_EQ(answers_to(other), 1U);
  other.destination = kGroup;
  EXPECT_EQ(answers_to(other), 1U);
}

TEST(AForeignMldQuerier, AsksAllNodes) {
  for (const auto version : {Version::k2, Version::k3}) {
    ForeignQuerier querier(
        {.address = machine(20, kIPv6), .mac = mac(20), .version = version, .interval = 60s},
        Random(1), kStart);
    Alone lan(querier);
    lan.advance(1s);
    ASSERT_THAT(lan.said(), SizeIs(1));
    EXPECT_THAT(lan.messages<Query>(), Each(query(version, Address{})));
    EXPECT_EQ(lan.said().front().frame->message->destination, at("ff02::1"));
  }
}

TEST(AForeignMldQuerier, DefersByTheInterfaceIdentifier) {
  ForeignQuerier querier({.address = machine(20, kIPv6), .mac = mac(20)}, Random(1), kStart);
  Alone lan(querier);
  lan.advance(1s);
  auto packet = *query_frame(30, Version::k2, kIPv6)->message;
  lan.hear(make_frame(mac(30), packet));
  EXPECT_TRUE(querier.is_asking(lan.now()));
  packet.source = at("febf::10");
  lan.hear(make_frame(mac(16), packet));
  EXPECT_FALSE(querier.is_asking(lan.now()));
}

}  // namespace
}  // namespace querent::sim::test
