#include <cstdio>
#include <fmt/core.h>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/link_kit.hpp"
#include "os/clock.hpp"

// One interface, and everything that can happen to it while querent runs, sandboxed.

namespace querent::test {

namespace {

using testing::HasSubstr;

const Address kLow = Address::v4(10, 9, 0, 1);
// Of other subnets: with its primary address a subnet's others go.
const Address kMiddle = Address::v4(10, 9, 1, 7);
const Address kHigh = Address::v4(10, 9, 2, 9);
const Address kThird = Address::v4(10, 9, 0, 3);
constexpr const char* kSourceWas = "source address was";

class LinkLife : public testing::Test {
 protected:
  lab::Links& links() { return lan_.host(1).links(); }
  void plug() { ASSERT_TRUE(good(lan_.switch_of(1).plug(lab::Lan::port_of(1)))); }
  void pull() { ASSERT_TRUE(good(lan_.switch_of(1).pull(lab::Lan::port_of(1)))); }

  void start_on_eth0(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"--interface", "eth0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Instant since = os::now();
    querent_.emplace(start_slowly(lan_.host(1), arguments));
    expect_fresh_start(ear_, kLow, 0, since);
  }
  // The next thing happens now.
  void mark() {
    from_ = ear_.heard();
    since_ = os::now();
  }
  // It hears: as 10.9.0.3 it loses to host 2.
  void expect_to_yield() {
    const auto other = start_slowly(lan_.host(2), {"--interface", "eth0"});
    EXPECT_TRUE(says("election lost to 10.9.0.2")) << querent_->errors();
    mark();
    expect_silence(ear_, from_);
  }
  bool says(std::string_view text) { return querent_->wait_for_errors(text, kPatience); }

  lab::Lan lan_ = make_lan({.hosts = {2}});
  QueryListener ear_{lan_.host(2)};
  std::optional<lab::Process> querent_;
  std::size_t from_ = 0;
  Instant since_{};
};

TEST_F(LinkLife, AnotherSourceRestartsTheElectionAndOtherAddressesDoNot) {
  start_on_eth0();

  mark();
  good(links().add_address("eth0", kHigh, 24));
  expect_undisturbed(ear_, kLow, from_);
  good(links().remove_address("eth0", kHigh, 24));
  good(links().add_address("eth0", kMiddle, 24));
  expect_undisturbed(ear_, kLow, ear_.heard());
  EXPECT_EQ(count(querent_->errors(), kSourceWas), 0U);

  mark();
  good(links().remove_address("eth0", kLow, 24));
  ASSERT_TRUE(says("was 10.9.0.1, is 10.9.1.7"));
  expect_fresh_start(ear_, kMiddle, from_, since_);

  mark();
  good(links().add_address("eth0", kLow, 24));
  expect_fresh_start(ear_, kLow, from_, since_);
  EXPECT_LE(ear_.general_queries(kMiddle, from_).size(), 1U);
  EXPECT_EQ(count(stop(*querent_), kSourceWas), 2U);
}

TEST_F(LinkLife, WithoutAnAddressItWaitsForOne) {
  good(links().remove_address("eth0", kLow, 24));
  querent_.emplace(start_slowly(lan_.host(1), {"--interface", "eth0"}));
  ASSERT_TRUE(says("no address to ask from"));

  mark();
  const auto fallback = Address::v4(169, 254, 3, 4);
  good(links().add_address("eth0", fallback, 16));
  expect_fresh_start(ear_, fallback, from_, since_);

  mark();
  good(links().add_address("eth0", kLow, 24));
  expect_fresh_start(ear_, kLow, from_, since_);

  good(links().remove_address("eth0", fallback, 16));
  good(links().remove_address("eth0", kLow, 24));
  ASSERT_TRUE(says("was 10.9.0.1, is none"));
  expect_silence(ear_, ear_.heard());
  mark();
  good(links().add_address("eth0", kLow, 24));
  expect_fresh_start(ear_, kLow, from_, since_);
  stop(*querent_);
}

TEST_F(LinkLife, CarrierLostAndBack) {
  start_on_eth0();
  pull();
  ASSERT_TRUE(says("has no carrier"));
  expect_silence(ear_, ear_.heard());
  mark();
  plug();
  expect_fresh_start(ear_, kLow, from_, since_);
  const auto said = stop(*querent_);
  EXPECT_EQ(count(said, kSourceWas), 0U);
  EXPECT_EQ(count(said, "querier as 10.9.0.1"), 2U);
}

TEST_F(LinkLife, SetDownAndUp) {
  start_on_eth0();
  good(links().set_down("eth0"));
  ASSERT_TRUE(says("eth0: is down"));
  mark();
  good(links().set_up("eth0"));
  expect_fresh_start(ear_, kLow, from_, since_);
  EXPECT_EQ(count(stop(*querent_), "is down"), 1U);
}

TEST_F(LinkLife, MtuAndMacChangeNothing) {
  start_on_eth0();
  mark();
  const MacAddress mac{{0x02, 0, 0, 0, 0, 0x77}};
  good(links().set_mtu("eth0", 1280));
  good(links().set_mac("eth0", mac));
  expect_undisturbed(ear_, kLow, from_);
  EXPECT_EQ(ear_.general_queries(kLow).back().mac, mac);
  EXPECT_EQ(count(stop(*querent_), "querier as"), 1U);
}

TEST_F(LinkLife, RenamedAndBack) {
  start_on_eth0();
  good(links().rename("eth0", "other0"));
  ASSERT_TRUE(says("eth0: missing"));
  expect_silence(ear_, ear_.heard());
  mark();
  good(links().rename("other0", "eth0"));
  expect_fresh_start(ear_, kLow, from_, since_);
  EXPECT_EQ(count(stop(*querent_), "querier as"), 2U);
}

TEST_F(LinkLife, DeletedAndRecreatedItKeepsItsCounters) {
  start_on_eth0();
  const auto before = ear_.general_queries(kLow).size();
  good(links().remove("eth0"));
  ASSERT_TRUE(says("eth0: missing"));
  const lab::NewLink again{.name = "eth0", .mac = lab::Lan::mac_of(1), .index = 77};
  good(lan_.switch_of(1).connect(lab::Lan::port_of(1), lan_.host(1), again));
  ASSERT_TRUE(says("no address to ask from"));
  mark();
  good(links().add_address("eth0", kLow, 24));
  expect_fresh_start(ear_, kLow, from_, since_);
  const auto all = ear_.general_queries(kLow).size();
  EXPECT_GT(all, before + 3);
  const auto said = stop(*querent_);
  const auto final_line = said.substr(said.find("final: "));
  EXPECT_GE(std::stoul(final_line.substr(7)), all) << final_line;
}

TEST_F(LinkLife, MovedAwayAndBackWithTheSameIndex) {
  start_on_eth0();
  auto elsewhere = lab::Namespace::create();
  ASSERT_TRUE(good(elsewhere));
  const auto index = links().index_of("eth0");
  good(links().move("eth0", elsewhere->fd()));
  ASSERT_TRUE(says("eth0: missing"));
  good(elsewhere->links().move("eth0", lan_.host(1).fd()));
  EXPECT_EQ(links().index_of("eth0").value_or(0), index.value_or(-1));
  good(links().set_up("eth0"));
  mark();
  good(links().add_address("eth0", kThird, 24));
  expect_fresh_start(ear_, kThird, from_, since_);
  expect_to_yield();
  stop(*querent_);
}

TEST_F(LinkLife, APortOfABridgeNamesTheBridge) {
  start_on_eth0();
  good(links().add_bridge({.name = "br7"}, {}));
  good(links().enslave("eth0", "br7"));
  ASSERT_TRUE(says("eth0: belongs to br7 (bridge): name br7 instead"));
  expect_silence(ear_, ear_.heard());
  mark();
  good(links().release("eth0"));
  expect_fresh_start(ear_, kLow, from_, since_);
  EXPECT_EQ(count(stop(*querent_), "querier as"), 2U);
}

TEST_F(LinkLife, AfterALossOfNewsItIsRightAgain) {
  start_on_eth0();
  querent_->kill(SIGSTOP);
  for (unsigned change = 0; change < 4000; ++change)
    good(links().set_mtu("eth0", 1400 + change % 2));
  good(links().remove_address("eth0", kLow, 24));
  good(links().add_address("eth0", kMiddle, 24));
  mark();
  querent_->kill(SIGCONT);
  ASSERT_TRUE(says("news of interfaces were lost"));
  expect_fresh_start(ear_, kMiddle, from_, since_);
  EXPECT_LE(ear_.general_queries(kLow, from_).size(), 1U);
  EXPECT_THAT(stop(*querent_), HasSubstr("1 socket recoveries"));
}

TEST_F(LinkLife, AFlappingInterfaceEndsInTheRightRole) {
  start_on_eth0();
  for (int flap = 0; flap < 200; ++flap) {
    good(links().set_down("eth0"));
    good(links().set_up("eth0"));
  }
  mark();
  ASSERT_TRUE(ear_.await(nth(general_query_from(kLow), 5), kPatience, from_)) << querent_->errors();
  good(links().remove_address("eth0", kLow, 24));
  good(links().add_address("eth0", kThird, 24));
  expect_to_yield();
  // A query may meet an interface that is down again before netlink tells of it.
  EXPECT_EQ(count(stop(*querent_), "cannot open"), 0U);
}

}  // namespace

}  // namespace querent::test
