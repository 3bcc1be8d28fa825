#include <csignal>
#include <fmt/core.h>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/scratch.hpp"
#include "kit/web_kit.hpp"
#include "os/clock.hpp"
#include "wire/codec.hpp"

// The membership table over HTTP: in pages, and under names that change.

namespace querent::test {

namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kGroups = 75;  // of each family on each interface
constexpr std::size_t kAll = 4 * kGroups;

Bytes igmp_report(Address group, Address source) {
  return wire::encode({.source = source,
                       .destination = group,
                       .message = Report{.version = Version::k2, .records = {{.group = group}}}});
}

Bytes mld_report(Address group, Address source) {
  return wire::encode({.source = source,
                       .destination = group,
                       .message = Report{.version = Version::k1, .records = {{.group = group}}}});
}

Address group(Family family, std::size_t number) {
  if (family == Family::kIPv4) return Address::v4(0xEF010000U + static_cast<std::uint32_t>(number));
  return *Address::parse(fmt::format("ff15::{:x}", number));
}

std::string cursor_of(const nlohmann::json& row) {
  return fmt::format("{}/{}/{}", row["interface"].get<std::string>(),
                     row["family"].get<std::string>(), row["group"].get<std::string>());
}

// This host joins groups of its own whenever it likes.
void add_ours(const nlohmann::json& page, std::vector<std::string>& all) {
  for (const auto& row : page["groups"]) {
    const auto group = row["group"].get<std::string>();
    if (group.starts_with("239.1.") || group.starts_with("ff15:")) all.push_back(cursor_of(row));
  }
}

class WebGroups : public testing::Test {
 protected:
  lab::Namespace& here() { return lan_.host(1); }

  // A second cable, to nobody else but host 2.
  void add_second_interface() {
    good(here().links().add_veth({"eth1"}, {"eth1"}, lan_.host(2).fd()));
    good(here().links().add_address("eth1", Address::v4(10, 8, 0, 1), 24));
    good(here().links().add_address("eth1", *Address::parse("fe80::8:1"), 64));
    good(lan_.host(2).links().add_address("eth1", Address::v4(10, 8, 0, 2), 24));
    good(lan_.host(2).links().add_address("eth1", *Address::parse("fe80::8:2"), 64));
    good(lan_.host(2).links().set_up("eth1"));
    good(here().links().set_up("eth1"));
    good(here().await_carrier("eth1", kPatience));
  }

  void report(const std::string& interface) {
    Mouth ipv4(lan_.host(2), interface);
    Mouth ipv6(lan_.host(2), interface, Family::kIPv6);
    const int net = interface == "eth0" ? 9 : 8;
    const auto source = *Address::parse(fmt::format("10.{}.0.2", net));
    const auto source6 = *Address::parse(interface == "eth0" ? "fe80::2" : "fe80::8:2");
    for (std::size_t number = 1; number <= kGroups; ++number) {
      const auto one = group(Family::kIPv4, number);
      ipv4.say(igmp_report(one, source), one);
      const auto other = group(Family::kIPv6, number);
      ipv6.say(mld_report(other, source6), other);
    }
  }

  bool await_groups(const std::string& series, double count) {
    for (const Instant until = os::now() + kPatience; os::now() < until;) {
      if (metric(get(here(), "/metrics").body, "querent_groups{" + series + "}") >= count)
        return true;
    }
    return false;
  }

  lab::Lan lan_ = make_lan({.hosts = {2}});
};

TEST_F(WebGroups, PagesHoldEachGroupOnceAndInOrder) {
  add_second_interface();
  auto querent =
      start_served(here(), {"-i", "eth1", "--mld-version", "1", "-q", "60s", "--jitter", "0"});
  report("eth0");
  report("eth1");
  for (const auto* const interface : {"eth0", "eth1"}) {
    for (const auto* const family : {"ipv4", "ipv6"}) {
      EXPECT_TRUE(
          await_groups(fmt::format("interface=\"{}\",family=\"{}\"", interface, family), kGroups));
    }
  }
  std::vector<std::string> expected;
  const auto whole = get(here(), "/api/v1/groups").json();
  EXPECT_TRUE(whole["after"].is_null());
  EXPECT_EQ(whole["groups"].size(), whole["total"].get<std::size_t>());
  add_ours(whole, expected);
  EXPECT_EQ(expected.size(), kAll);
  EXPECT_EQ(std::set(expected.begin(), expected.end()).size(), expected.size());

  std::vector<std::string> listed;
  std::string path = "/api/v1/groups?limit=7";
  int pages = 1;
  for (; pages < 1000; ++pages) {
    const auto page = get(here(), path).json();
    ASSERT_LE(page["groups"].size(), 7U);
    EXPECT_GE(page["total"].get<std::size_t>(), kAll);
    add_ours(page, listed);
    if (page["after"].is_null()) break;
    EXPECT_EQ(page["after"], cursor_of(page["groups"].back()));
    path = "/api/v1/groups?limit=7&after=" + page["after"].get<std::string>();
  }
  fmt::print("{} groups on {} pages\n", listed.size(), pages);
  EXPECT_EQ(listed, expected);
  const auto part = get(here(), "/api/v1/groups?interface=eth1&family=ipv6").json();
  EXPECT_GE(part["groups"].size(), kGroups);
  for (const auto& row : part["groups"]) {
    EXPECT_EQ(row["interface"], "eth1");
    EXPECT_EQ(row["family"], "ipv6");
  }
}

TEST_F(WebGroups, NamesChangeWithTheConfiguration) {
  const Scratch files;
  const auto config = [&](const std::string& name) {
    return files.write("querent.toml", fmt::format("[querier]\nquery_interval = \"60s\"\n"
                                                   "[[interface]]\nname = \"eth0\"\n"
                                                   "[names]\n\"239.1.0.1\" = \"{}\"\n",
                                                   name));
  };
  auto querent = start(here(), {program(), "run", "-c", config("before")});
  ASSERT_TRUE(querent.wait_for_errors("started", kPatience)) << querent.errors();
  Mouth mouth(lan_.host(2));
  const auto one = group(Family::kIPv4, 1);
  mouth.say(igmp_report(one, lab::Lan::address_of(2)), one);
  ASSERT_TRUE(await_groups("interface=\"eth0\",family=\"ipv4\"", 1));
  const auto listed = [&] { return get(here(), "/api/v1/groups").body; };
  const auto measured = [&] { return get(here(), "/metrics").body; };
  EXPECT_THAT(listed(), HasSubstr("\"name\":\"before\""));
  EXPECT_THAT(measured(), HasSubstr("group=\"239.1.0.1\",name=\"before\""));

  config("after");
  querent.kill(SIGHUP);
  ASSERT_TRUE(querent.wait_for_errors("configuration reloaded", kPatience)) << querent.errors();
  const auto reloaded = "querent_config_reloads_total{result=\"ok\"}";
  for (const Instant until = os::now() + kPatience; os::now() < until;)
    if (metric(measured(), reloaded) == 1.0) break;
  EXPECT_THAT(listed(), HasSubstr("\"name\":\"after\""));
  EXPECT_THAT(measured(), HasSubstr("group=\"239.1.0.1\",name=\"after\""));
  EXPECT_THAT(measured(), Not(HasSubstr("name=\"before\"")));
  EXPECT_EQ(get(here(), "/healthz").status, 200);
}

}  // namespace

}  // namespace querent::test
