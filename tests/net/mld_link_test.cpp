#include <algorithm>
#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/link_kit.hpp"
#include "os/clock.hpp"

// The addresses of IPv6 come late, may turn out to be another's, and can be switched off. Querent
// is host 2, fe80::2, whose kernel has given it fe80::ff:fe00:2 as well.

namespace querent::test {

namespace {

constexpr int kThere = 1;
constexpr int kQuerent = 2;
const Address kOwn = lab::Lan::address_of(kQuerent, Family::kIPv6);
const Address kTheirs = lab::Lan::address_of(kThere, Family::kIPv6);
const Address kOwn4 = lab::Lan::address_of(kQuerent);
const Address kOfItsMac = Address::v6(0xFE80000000000000, 0x000000FFFE000002);
constexpr unsigned kLength = 64;
constexpr const char* kSourceWas = "source address was";

class MldLink : public testing::Test {
 protected:
  lab::Links& links() { return lan_.host(kQuerent).links(); }
  void ipv6_is(bool enabled) {
    good(lan_.host(kQuerent).write_sysctl("ipv6/conf/eth0/disable_ipv6", enabled ? "0" : "1"));
  }
  void start_on_eth0(const std::string& igmp_version = "off") {
    const Instant since = os::now();
    querent_.emplace(start_slowly(lan_.host(kQuerent), {"--interface", "eth0", "--igmp-version",
                                                        igmp_version, "--mld-version", "2"}));
    expect_fresh_start(ear_, kOwn, 0, since);
  }
  void mark() {
    from_ = ear_.heard();
    since_ = os::now();
  }
  bool says(std::string_view text) { return querent_->wait_for_errors(text, kPatience); }

  lab::Lan lan_ = make_lan({.hosts = {2}});
  QueryListener ear_{lan_.host(kThere), "eth0", Family::kIPv6};
  std::optional<lab::Process> querent_;
  std::size_t from_ = 0;
  Instant since_{};
};

TEST_F(MldLink, AnAddressThatIsStillCheckedIsNotUsedAndThenRestartsOnce) {
  good(lan_.host(kThere).links().remove_address("eth0", kTheirs, kLength));
  start_on_eth0();
  mark();
  good(links().add_address("eth0", kTheirs, kLength, true));
  ASSERT_TRUE(says("was fe80::2, is fe80::1"));
  expect_fresh_start(ear_, kTheirs, from_, since_);
  const auto queries = ear_.general_queries(kTheirs, from_);
  ASSERT_FALSE(queries.empty());
  EXPECT_GT(queries.front().at - since_, 500ms) << "duplicate address detection takes a second";
  EXPECT_EQ(count(stop(*querent_), kSourceWas), 1U);
}

TEST_F(MldLink, AnAddressThatIsAnothersIsNeverUsed) {
  start_on_eth0();
  good(links().add_address("eth0", kTheirs, kLength, true));
  for (int query = 0; query < 4; ++query)
    ASSERT_TRUE(ear_.await(general_query_from(kOwn), kPatience, ear_.heard()));
  EXPECT_TRUE(ear_.general_queries(kTheirs).empty());
  EXPECT_EQ(count(stop(*querent_), kSourceWas), 0U);
}

TEST_F(MldLink, OnlyTheLowestAddressInForceCounts) {
  start_on_eth0();
  const Address high = Address::v6(0xFE80000000000000, 0x9999);
  const Address global = Address::v6(0xFD00000000000000, 1);
  mark();
  good(links().add_address("eth0", high, kLength));
  good(links().add_address("eth0", global, kLength));
  good(links().remove_address("eth0", high, kLength));
  expect_undisturbed(ear_, kOwn, from_);
  EXPECT_TRUE(ear_.general_queries(global).empty());
  EXPECT_EQ(count(stop(*querent_), kSourceWas), 0U);
}

TEST_F(MldLink, Ipv6SwitchedOffIsNoErrorAndNoMatterOfIpv4) {
  const QueryListener ear4(lan_.host(kThere));
  start_on_eth0("2");
  ASSERT_TRUE(ear4.await(nth(general_query_from(kOwn4), 4), kPatience));
  const auto from4 = ear4.heard();

  ipv6_is(false);
  ASSERT_TRUE(says("is none; the election starts anew"));
  expect_silence(ear_, ear_.heard());
  mark();
  ipv6_is(true);
  ASSERT_TRUE(says("querier as fe80::ff:fe00:2")) << querent_->errors();
  expect_fresh_start(ear_, kOfItsMac, from_, since_ + 1s);

  expect_undisturbed(ear4, kOwn4, from4);
  const auto said = stop(*querent_);
  EXPECT_EQ(count(said, " error "), 0U) << said;
  EXPECT_EQ(count(said, "ipv4: querier as"), 1U) << said;
}

TEST_F(MldLink, StartedWithoutIpv6ItWaitsForIt) {
  ipv6_is(false);
  querent_.emplace(start_slowly(
      lan_.host(kQuerent), {"--interface", "eth0", "--igmp-version", "off", "--mld-version", "1"}));
  ASSERT_TRUE(says("no link-local address to ask from"));
  mark();
  ipv6_is(true);
  ASSERT_TRUE(says("querier as fe80::ff:fe00:2")) << querent_->errors();
  expect_fresh_start(ear_, kOfItsMac, from_, since_ + 1s);
  stop(*querent_);
}

// The kernel forgets what a socket has joined when an interface becomes too small for IPv6.
TEST_F(MldLink, AnMtuTooSmallForIpv6AndBack) {
  const auto reports_its_own = [](const HeardFrame& sighting) {
    const auto* report = sighting.packet ? std::get_if<Report>(&sighting.packet->message) : nullptr;
    return report != nullptr && sighting.packet->source == kOfItsMac &&
           std::ranges::any_of(report->records, [](const Record& record) {
             return record.group == Address::v6(0xFF02000000000000, 0x16);
           });
  };
  start_on_eth0();
  good(links().set_mtu("eth0", 1000));
  ASSERT_TRUE(says("is none; the election starts anew"));
  good(links().set_mtu("eth0", 1500));
  ASSERT_TRUE(says("querier as fe80::ff:fe00:2")) << querent_->errors();
  mark();
  EXPECT_TRUE(ear_.await(reports_its_own, kPatience, from_)) << "it hears its own host no more";
  EXPECT_EQ(count(stop(*querent_), " error "), 0U);
}

TEST_F(MldLink, CarrierLostAndBack) {
  start_on_eth0();
  good(lan_.switch_of(kQuerent).pull(lab::Lan::port_of(kQuerent)));
  ASSERT_TRUE(says("has no carrier"));
  expect_silence(ear_, ear_.heard());
  mark();
  good(lan_.switch_of(kQuerent).plug(lab::Lan::port_of(kQuerent)));
  expect_fresh_start(ear_, kOwn, from_, since_);
  EXPECT_EQ(count(stop(*querent_), "querier as fe80::2"), 2U);
}

}  // namespace

}  // namespace querent::test
