#include "cli/show_status.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/api_words.hpp"
#include "client/json_value.hpp"

namespace querent::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

client::JsonDocument parsed(std::string_view text) {
  const auto document = client::JsonDocument::parse(text);
  EXPECT_TRUE(document) << text;
  return document.value_or(*client::JsonDocument::parse("null"));
}

std::string shown(std::string_view text, const StatusLook& look = {}) {
  return show_status(parsed(text).root(), look);
}

constexpr std::string_view kLan = R"({
  "version": "0.1.0", "commit": "348a48110000", "instance": "f3b09a12",
  "uptime_s": 86400.5, "healthy": true, "ready": true, "reasons": [],
  "state_words": {"querier": "querier", "non_querier": "standby"},
  "interfaces": [
    {"name": "eth0", "state": "up", "reason": "", "segments": [
      {"family": "ipv4", "state": "querier", "reason": "", "source": "10.0.0.5",
       "querier": {"address": "10.0.0.5", "mac": null, "version": 2, "ours": true},
       "last_query_ago_s": 12.04, "next_query_in_s": 41.9, "takeover_in_s": null, "groups": 12,
       "alarms": []},
      {"family": "ipv6", "state": "non_querier", "reason": "",
       "querier": {"address": "fe80::2", "mac": "52:54:00:12:34:56", "version": 1, "ours": false},
       "last_query_ago_s": 3.25, "next_query_in_s": null, "takeover_in_s": 250.0, "groups": 3,
       "alarms": [{"id": "version_mismatch", "severity": "warning",
                   "text": "fe80::2 asks in version 1", "advice": "Say --mld-version 1"}]}]},
    {"name": "eth1", "state": "down", "reason": "has no carrier", "segments": [
      {"family": "ipv4", "state": "down", "reason": "", "querier": null,
       "last_query_ago_s": null, "next_query_in_s": null, "takeover_in_s": null, "groups": 0,
       "alarms": [{"id": "interface_down", "severity": "error", "text": "The link is down",
                   "advice": ""}]}]}]})";

TEST(ShowStatus, IsATableWithWhatIsWrongBelow) {
  EXPECT_EQ(shown(kLan), R"(querent 0.1.0 (348a4811), up 1d, healthy, ready

INTERFACE  FAMILY  STATE    QUERIER                LAST QUERY  NEXT               GROUPS  ALARMS
eth0       ipv4    querier  10.0.0.5 (ours, v2)    12s ago     query in 41s           12       -
eth0       ipv6    standby  fe80::2 (foreign, v1)  3.2s ago    takeover in 4m10s       3       1
eth1       ipv4    down     nobody                 -           -                       0       1

warning: eth0 ipv6: fe80::2 asks in version 1
    Say --mld-version 1
error: eth1 ipv4: The link is down
eth1: down: has no carrier
)");
}

TEST(ShowStatus, OfOneInterface) {
  EXPECT_THAT(shown(kLan, {.interface = "eth1"}),
              AllOf(HasSubstr("\neth1"), Not(HasSubstr("eth0"))));
}

TEST(ShowStatus, SaysWhatIsNotWell) {
  EXPECT_EQ(shown(R"({"version": "1", "commit": "0", "uptime_s": 3, "healthy": false,
                      "ready": false, "reasons": ["eth0 ipv4: nobody asks"], "interfaces": []})"),
            "querent 1 (0), up 3s, not healthy, not ready\n\nNo interface.\n\n"
            "eth0 ipv4: nobody asks\n");
}

TEST(ShowStatus, AnInterfaceWithoutAFamilyIsShown) {
  EXPECT_THAT(
      shown(R"({"interfaces": [{"name": "eth0", "state": "missing", "reason": "",
                                        "segments": []}]})"),
      HasSubstr("\neth0       -       missing  -        -           -          -       -\n"));
}

TEST(ShowStatus, SaysAReasonOnce) {
  const auto text = shown(R"({"reasons": ["eth0 ipv4: failed: no memory"], "interfaces": [
      {"name": "eth0", "state": "failed", "reason": "no memory", "segments": [
        {"family": "ipv4", "state": "failed", "reason": "no memory", "alarms": []}]}]})");
  EXPECT_EQ(text.find("no memory"), text.rfind("no memory")) << text;
}

TEST(ShowStatus, HasColourWhereItIsWanted) {
  EXPECT_THAT(shown(kLan), Not(HasSubstr("\x1b")));
  const auto coloured = shown(kLan, {.colour = true});
  EXPECT_THAT(coloured, AllOf(HasSubstr("\x1b[32mquerier\x1b[0m  10.0.0.5"),
                              HasSubstr("\x1b[1;31mdown\x1b[0m     nobody"),
                              HasSubstr("\x1b[1;31merror\x1b[0m: eth1"),
                              HasSubstr("     \x1b[33m1\x1b[0m\n")));
}

// Whatever it is, it is shown without harm.
TEST(ShowStatus, TakesAnyJson) {
  for (const std::string_view strange :
       {"null", "[]", "17", "\"x\"", "{}", R"({"interfaces": {}})", R"({"interfaces": [1, null]})",
        R"({"interfaces": [{"name": 5, "segments": "x"}], "reasons": "x"})",
        R"({"interfaces": [{"segments": [[], 1, {"alarms": [1], "querier": 3, "state": {}}]}]})",
        R"({"uptime_s": 1e308, "healthy": "yes", "version": [], "interfaces": [
            {"name": "a", "segments": [{"groups": -1, "last_query_ago_s": -1e300}]}]})"}) {
    EXPECT_THAT(shown(strange), HasSubstr("querent ")) << strange;
  }
  const auto hostile = shown(R"({"version": "\u001b[2J", "interfaces": [{"name": "a\nb",
      "segments": [{"alarms": [{"text": "\u009b31m\r\n"}]}]}]})");
  EXPECT_THAT(hostile, AllOf(HasSubstr("\\x1b[2J"), HasSubstr("a\\x0ab"),
                             HasSubstr("\\xc2\\x9b31m\\x0d\\x0a"), Not(HasSubstr("\x1b"))));
  const auto huge = shown("{\"version\": \"" + std::string(1000000, 'x') + "\"}");
  EXPECT_LT(huge.size(), 2000U);
}

TEST(MissingInterface, NamesThoseThatAre) {
  const auto status = parsed(kLan);
  EXPECT_EQ(missing_interface(status.root(), "eth1"), "");
  EXPECT_EQ(missing_interface(status.root(), "eth7"),
            "the appliance has no interface \"eth7\" (it has eth0, eth1)");
  EXPECT_EQ(missing_interface(parsed("{}").root(), "eth7"),
            "the appliance has no interface \"eth7\" (it has none)");
  std::string many = "{\"interfaces\": [";
  for (int i = 0; i < 100; ++i)
    many += "{\"name\": \"x" + std::to_string(i) + "\"},";
  many.back() = ']';
  EXPECT_THAT(missing_interface(parsed(many + "}").root(), "eth7"), HasSubstr("x14, x15, ...)"));
}

TEST(StateWords, AreThoseOfTheAppliance) {
  const auto status = parsed(R"({
    "state_words": {"non_querier": "standby", "down": 7},
    "interfaces": [{"state": "non_querier"}, {"state": "down"}, {"state": "later"}, {}]})");
  std::string words;
  for (const client::JsonValue of : status.root()["interfaces"].items())
    words += state_words(status.root(), of) + ';';
  EXPECT_EQ(words, "standby;down;later;?;");
  EXPECT_EQ(state_words(parsed("{}").root(), parsed(R"({"state": "passive"})").root()), "passive");
}

}  // namespace
}  // namespace querent::cli
