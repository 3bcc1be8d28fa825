#include "hostile_cable.hpp"

#include <csignal>
#include <fmt/core.h>

#include <gmock/gmock.h>

namespace querent::test {

using lab::Lan;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

lab::Namespace make_host() {
  auto space = lab::Namespace::create();
  EXPECT_TRUE(space) << space.error().to_string();
  return std::move(*space);
}

void set_up(lab::Namespace& host, int number) {
  auto& links = host.links();
  good(links.set_up(Lan::kInterface));
  good(links.add_address(Lan::kInterface, Lan::address_of(number), 24));
  good(links.add_address(Lan::kInterface, Lan::address_of(number, Family::kIPv6), 64));
  good(links.add_route(Prefix(Address::v4(224, 0, 0, 0), 4), Lan::kInterface));
}

}  // namespace

HostileCable::HostileCable(Family family)
    : family_(family), attacker_(make_host()), host_(make_host()) {
  const std::string eth0 = Lan::kInterface;
  good(attacker_.links().add_veth({.name = eth0, .mac = kAttacker}, {.name = eth0, .mac = kQuerent},
                                  host_.fd()));
  set_up(attacker_, 1);
  set_up(host_, kOwn);
  good(attacker_.await_carrier(eth0, kPatience));
  good(host_.await_carrier(eth0, kPatience));
  mouth_.emplace(attacker_, eth0, family_);
  ear_.emplace(attacker_, eth0, family_);
}

void HostileCable::start_querier(const std::vector<std::string>& arguments, Version version) {
  querent_.emplace(start_querent(host_, only(family_, number(version, family_), arguments)));
  await("querier as " + address(kOwn).to_string());
}

void HostileCable::await(const std::string& text) {
  ASSERT_TRUE(querent_->wait_for_errors(text, kPatience)) << text << " in\n" << querent_->errors();
}

void HostileCable::still_elects() {
  constexpr int kWinner = 7;
  EXPECT_THAT(querent_->errors(), Not(HasSubstr("election lost")));
  EXPECT_TRUE(ear_->await(general_query_from(address(kOwn)), kPatience, ear_->heard()));
  say(query_from(address(kWinner), family_));
  await(fmt::format("eth0 {}: election lost to {} (v{}, {}); was querier for", name(family_),
                    address(kWinner).to_string(), number(Version::k2, family_),
                    kAttacker.to_string()));
}

void HostileCable::ends_well() {
  querent_->kill(SIGTERM);
  const auto ran = finish(*querent_);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("final: "));
}

}  // namespace querent::test
