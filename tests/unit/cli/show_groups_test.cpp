#include "cli/show_groups.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

client::JsonDocument parsed(std::string_view text) {
  const auto document = client::JsonDocument::parse(text);
  EXPECT_TRUE(document) << text;
  return document.value_or(*client::JsonDocument::parse("null"));
}

constexpr std::string_view kFirstPage = R"({"groups": [
  {"interface": "eth0", "family": "ipv4", "group": "232.1.2.3", "name": null, "mode": "include",
   "version": 3, "last_report_ago_s": 4.0, "expires_in_s": 130.7,
   "last_reporter": {"address": "192.168.1.20", "mac": null},
   "sources": [{"address": "10.0.0.1", "expires_in_s": 120.0},
               {"address": "10.0.0.2", "expires_in_s": 120.0}], "sources_total": 2,
   "hosts": [], "hosts_total": 3},
  {"interface": "eth0", "family": "ipv4", "group": "239.1.2.3", "name": "hf audio",
   "mode": "exclude", "version": 2, "last_report_ago_s": 12.0, "expires_in_s": 130.0,
   "last_reporter": {"address": "192.168.1.21", "mac": null},
   "sources": [], "sources_total": 0, "hosts": [], "hosts_total": 0}],
  "total": 4, "after": "eth0/ipv4/239.1.2.3"})";

constexpr std::string_view kLastPage = R"({"groups": [
  {"interface": "eth0", "family": "ipv6", "group": "ff15::1", "name": "f\u00fcr", "mode": "exclude",
   "version": 2, "last_report_ago_s": 0.5, "expires_in_s": 259.0,
   "last_reporter": {"address": "fe80::1", "mac": null},
   "sources": [{"address": "2001:db8::1", "expires_in_s": null},
               {"address": "2001:db8::2", "expires_in_s": 5.0}], "sources_total": 2,
   "hosts": [], "hosts_total": 1},
  {"interface": "eth1", "family": "ipv4", "group": "239.9.9.9", "name": null, "mode": "include",
   "version": 3, "last_report_ago_s": null, "expires_in_s": null, "last_reporter": null,
   "sources": [{"address": "10.0.0.1", "expires_in_s": 1},
               {"address": "10.0.0.2", "expires_in_s": 1},
               {"address": "10.0.0.3", "expires_in_s": 1},
               {"address": "10.0.0.4", "expires_in_s": 1}],
   "sources_total": 900, "hosts": [], "hosts_total": 0}],
  "total": 4, "after": null})";

TEST(ShowGroups, IsATableOfAllPages) {
  GroupsView groups;
  EXPECT_EQ(groups.add(parsed(kFirstPage).root()), "eth0/ipv4/239.1.2.3");
  EXPECT_EQ(groups.add(parsed(kLastPage).root()), std::nullopt);
  EXPECT_EQ(groups.table(),
            "INTERFACE  GROUP      NAME      MODE     SOURCES                             "
            "REPORTERS         EXPIRES IN  VERSION  LAST REPORT\n"
            "eth0       232.1.2.3  -         include  10.0.0.1, 10.0.0.2                  "
            "192.168.1.20, +2       2m10s  v3            4s ago\n"
            "eth0       239.1.2.3  hf audio  exclude  any                                 "
            "192.168.1.21           2m10s  v2           12s ago\n"
            "eth0       ff15::1    f\xC3\xBCr       exclude  any but 2001:db8::1                 "
            "fe80::1                4m19s  v2         500ms ago\n"
            "eth1       239.9.9.9  -         include  10.0.0.1, 10.0.0.2, 10.0.0.3, +897  "
            "-                          -  v3                 -\n");
}

TEST(ShowGroups, AsJsonIsOneObjectWithAGroupALine) {
  GroupsView groups;
  groups.add(
      parsed(R"({"groups": [{"group": "b", "z": 1}, {"group": "a"}], "after": "x"})").root());
  groups.add(parsed(R"({"groups": [{"group": "c"}], "after": null})").root());
  EXPECT_EQ(
      groups.json(),
      "{\"groups\": [\n  {\"group\":\"b\",\"z\":1},\n  {\"group\":\"a\"},\n  {\"group\":\"c\"}\n], "
      "\"total\": 3}\n");
  EXPECT_TRUE(client::JsonDocument::parse(groups.json()));
}

TEST(ShowGroups, HasWordsForNone) {
  EXPECT_EQ(GroupsView().table(), "No groups.\n");
  EXPECT_EQ(GroupsView().json(), "{\"groups\": [], \"total\": 0}\n");
}

TEST(ShowGroups, TakesAnyJson) {
  for (const std::string_view strange :
       {"null", "[]", "{}", R"({"groups": 1, "after": 5})",
        R"({"groups": [1, {}, {"sources": [1], "hosts_total": -1, "sources_total": "x"}]})",
        R"({"groups": [{"group": "\u001b[2J", "name": {}, "last_reporter": []}], "after": []})",
        R"({"groups": [{"mode": "exclude", "sources_total": 0,
                       "sources": [{"expires_in_s": 1}]}]})"}) {
    GroupsView groups;
    EXPECT_EQ(groups.add(parsed(strange).root()), std::nullopt);
    EXPECT_THAT(groups.table(), Not(HasSubstr("\x1b"))) << strange;
    EXPECT_TRUE(client::JsonDocument::parse(groups.json())) << strange;
  }
}

TEST(DoubtfulSegments, AreThoseWhereWeAreNotTheQuerier) {
  const auto status = parsed(R"({"state_words": {"passive": "listening only"}, "interfaces": [
    {"name": "eth0", "segments": [
      {"family": "ipv4", "state": "querier",
       "querier": {"address": "10.0.0.1", "ours": true}},
      {"family": "ipv6", "state": "non_querier",
       "querier": {"address": "fe80::2", "ours": false}}]},
    {"name": "eth1", "segments": [
      {"family": "ipv4", "state": "passive", "querier": null},
      {"family": "ipv6", "state": "starting",
       "querier": {"address": "fe80::2", "ours": true}}]}]})");
  const std::string why = ": only a querier hears all reports on a snooping switch\n";
  const std::string first = "eth0 ipv6: fe80::2 asks, not this host" + why;
  const std::string second = "eth1 ipv4: this host does not ask (listening only)" + why;
  EXPECT_EQ(doubtful_segments(status.root(), ""), first + second);
  EXPECT_EQ(doubtful_segments(status.root(), "eth1"), second);
  EXPECT_EQ(doubtful_segments(parsed("[]").root(), ""), "");
}

}  // namespace
}  // namespace querent::cli
