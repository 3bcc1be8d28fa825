#include <csignal>
#include <fmt/core.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/querent_lan.hpp"
#include "kit/scratch.hpp"
#include "os/clock.hpp"

// SIGHUP, with the sandbox and without, as nobody and as whoever starts it.

namespace querent::test {

namespace {

using lab::Lan;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kReloaded = "configuration reloaded";
constexpr const char* kKept = "the configuration before stays in force";
const Address kSecond = Address::v4(10, 9, 1, 1);  // of host 1, at its eth1

std::string config(const std::string& interval, const std::vector<std::string>& interfaces) {
  auto text =
      fmt::format("[querier]\nquery_interval = \"{}\"\nmax_response = \"100ms\"\n", interval);
  for (const auto& interface : interfaces)
    text += fmt::format("[[interface]]\nname = \"{}\"\n", interface);
  return text;
}

lab::Process start_with(const lab::Namespace& where, const std::string& file,
                        const std::vector<std::string>& more = {}) {
  std::vector<std::string> argv{program(), "run", "-c", file};
  argv.insert(argv.end(), more.begin(), more.end());
  auto spawned =
      lab::Process::spawn({.argv = argv,
                           .where = &where,
                           // What AddressSanitizer keeps of freed memory is no leak.
                           .environment = {"ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=1"}});
  EXPECT_TRUE(good(spawned));
  EXPECT_TRUE(spawned->wait_for_errors("started", kPatience)) << spawned->errors();
  return std::move(*spawned);
}

bool reload(lab::Process& process, const char* answer = kReloaded) {
  const auto before = times_said(process, answer);
  process.kill(SIGHUP);
  return await_said(process, answer, before + 1);
}

// The time that the next four gaps take on the average.
Duration average_gap(const QueryListener& ear, Address source) {
  constexpr int kGaps = 4;
  const auto from = ear.heard();
  while (ear.general_queries(source, from).size() <= kGaps)
    if (!ear.await(general_query_from(source), kPatience, ear.heard())) return Duration::max();
  const auto all = ear.general_queries(source, from);
  return (all[kGaps].at - all[0].at) / kGaps;
}

struct Way {
  const char* name = "";
  std::vector<std::string> arguments{};
};

class Reload : public testing::TestWithParam<Way> {};

TEST_P(Reload, ANewIntervalTakesEffectAndABrokenFileDoesNot) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  const Scratch files;
  const auto file = files.write("querent.toml", config("1s", {"eth0"}));
  auto process = start_with(lan.host(1), file, GetParam().arguments);
  ASSERT_TRUE(ear.await(general_query_from(Lan::address_of(1)), kPatience));
  EXPECT_THAT(process.errors(), Not(HasSubstr("may not read it")));

  files.write("querent.toml", config("300ms", {"eth0"}));
  ASSERT_TRUE(reload(process)) << process.errors();
  const Duration shorter = average_gap(ear, Lan::address_of(1));
  EXPECT_LT(shorter, 500ms);

  files.write("querent.toml", "[querier]\nquery_interval = \"never\"\n[[interface]]\n");
  ASSERT_TRUE(reload(process, kKept)) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr(file + ":2"));
  files.write("querent.toml", "[querier]\nquery_interval = \n");
  ASSERT_TRUE(reload(process, kKept)) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr(file + ":2:"));
  const Duration kept = average_gap(ear, Lan::address_of(1));
  EXPECT_LT(kept, 500ms);

  files.write("querent.toml", config("1s", {"eth0"}));
  ASSERT_TRUE(reload(process)) << process.errors();
  const Duration longer = average_gap(ear, Lan::address_of(1));
  fmt::print(
      "gaps: {:.0f} ms after a reload with 300 ms, {:.0f} ms after broken files, {:.0f} ms "
      "after one with 1 s\n",
      in_ms(shorter), in_ms(kept), in_ms(longer));
  EXPECT_GT(longer, 500ms);
}

// host 1 gets a second cable.
void add_second_interface(Lan& lan) {
  good(lan.switch_of(1).connect("h1b", lan.host(1), {"eth1", {}}));
  good(lan.host(1).links().add_address("eth1", kSecond, 24));
}

TEST_P(Reload, AddsAndRemovesInterfaces) {
  auto lan = make_lan({.hosts = {2}});
  add_second_interface(lan);
  const QueryListener ear(lan.host(2));
  const Scratch files;
  const auto file = files.write("querent.toml", config("1s", {"eth0"}));
  auto process = start_with(lan.host(1), file, GetParam().arguments);
  ASSERT_TRUE(ear.await(general_query_from(Lan::address_of(1)), kPatience));

  files.write("querent.toml", config("1s", {"eth0", "eth1"}));
  const Instant begin = os::now();
  ASSERT_TRUE(reload(process)) << process.errors();
  const auto added = ear.await(general_query_from(kSecond), kPatience);
  ASSERT_TRUE(added) << process.errors();
  fmt::print("an interface was added: its first query {:.1f} ms after SIGHUP\n",
             in_ms(added->at - begin));

  files.write("querent.toml", config("1s", {"eth1"}));
  ASSERT_TRUE(reload(process)) << process.errors();
  const Instant removed = os::now();
  for (int heard = 0; heard < 4; ++heard)
    ASSERT_TRUE(ear.await(general_query_from(kSecond), kPatience, ear.heard()));
  for (const auto& query : ear.general_queries(Lan::address_of(1)))
    EXPECT_LT(query.at, removed) << "eth0 is no longer configured";
}

TEST_P(Reload, TellsWhatItCannotChange) {
  auto lan = make_lan({.hosts = {2}});
  const Scratch files;
  const auto file = files.write("querent.toml", config("1s", {"eth0"}));
  auto process = start_with(lan.host(1), file, {"--no-sandbox"});
  ASSERT_TRUE(reload(process)) << process.errors();
  EXPECT_THAT(process.errors(), Not(HasSubstr("next start")));
  files.write("querent.toml", "user = \"daemon\"\n" + config("2s", {"eth0"}));
  ASSERT_TRUE(reload(process)) << process.errors();
  EXPECT_TRUE(process.wait_for_errors(
      "another user, sandbox or web.* takes effect at the next start", kPatience));
  EXPECT_TRUE(process.wait_for_errors("eth0: its settings have changed", kPatience));
  const auto told = times_said(process, "next start");
  files.write("querent.toml",
              "user = \"daemon\"\nweb.listen_address = \":9225\"\n" + config("2s", {"eth0"}));
  ASSERT_TRUE(reload(process)) << process.errors();
  EXPECT_TRUE(await_said(process, "next start", told + 1)) << process.errors();
  files.write("querent.toml", config("2s", {"eth1"}));
  ASSERT_TRUE(reload(process)) << process.errors();
  EXPECT_TRUE(process.wait_for_errors("eth0: no longer configured", kPatience));
}

TEST_P(Reload, TakesOverTheNamesOfGroups) {
  auto lan = make_lan({.hosts = {2}});
  const Scratch files;
  const auto with_names = [](const std::string& names) {
    return config("1s", {"eth0"}) + "[names]\n" + names;
  };
  const auto file = files.write("querent.toml", with_names("\"239.1.2.3\" = \"three\"\n"));
  auto process = start_with(lan.host(1), file, {"-v"});
  const auto report = [&lan](const char* group) {
    const auto ran =
        run(lan.host(2), {program(), "inject", "-i", "eth0", "-t", "v2_report", "-g", group});
    EXPECT_EQ(ran.code, 0) << ran.err;
  };
  report("239.1.2.3");
  EXPECT_TRUE(process.wait_for_errors("239.1.2.3 (three) is wanted", kPatience));
  files.write("querent.toml", with_names("ka9q = [\"hf.local\"]\n"));
  ASSERT_TRUE(reload(process)) << process.errors();
  report("239.135.38.120");
  EXPECT_TRUE(process.wait_for_errors("239.135.38.120 (hf.local) is wanted", kPatience));
}

TEST_P(Reload, LeavesTheOthersAlone) {
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  const Scratch files;
  const auto file = files.write("querent.toml", config("1s", {"eth0"}));
  auto process = start_with(lan.host(1), file, GetParam().arguments);
  for (int heard = 0; heard < 4; ++heard)
    ASSERT_TRUE(ear.await(general_query_from(Lan::address_of(1)), kPatience, ear.heard()));
  const auto from = ear.heard();
  for (int again = 0; again < 10; ++again)
    ASSERT_TRUE(reload(process)) << process.errors();
  const Duration gap = average_gap(ear, Lan::address_of(1));
  EXPECT_GT(gap, 500ms) << "no startup burst";
  const auto all = ear.general_queries(Lan::address_of(1), from);
  for (std::size_t at = 1; at < all.size(); ++at)
    EXPECT_GT(all[at].at - all[at - 1].at, 500ms);
  EXPECT_EQ(times_said(process, "querier as"), 1U) << process.errors();
}

std::string name_in_list(const testing::TestParamInfo<Way>& way) {
  return way.param.name;
}

INSTANTIATE_TEST_SUITE_P(Ways, Reload,
                         testing::Values(Way{"AsStarted", {}},
                                         Way{"WithoutSandbox", {"--no-sandbox"}},
                                         Way{"AsNobody", {"--user-name", "nobody"}}),
                         name_in_list);

TEST(ReloadAsNobody, AFileThatNobodyMayReadIsWarnedOfAndKeptInForce) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become nobody";
  auto lan = make_lan({.hosts = {2}});
  const QueryListener ear(lan.host(2));
  const Scratch files;
  const auto file = files.write("querent.toml", config("300ms", {"eth0"}), 0600);
  auto process = start_with(lan.host(1), file);
  EXPECT_THAT(process.errors(), HasSubstr("querent: warning: " + file));
  EXPECT_THAT(process.errors(), HasSubstr("(uid 65534) may not read it: a reload will fail"));
  ASSERT_TRUE(reload(process, kKept)) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr("Permission denied"));
  EXPECT_LT(average_gap(ear, Lan::address_of(1)), 500ms);
}

// ---- nothing leaks

void reload_often(int times, const std::vector<std::string>& arguments) {
  auto lan = make_lan({.hosts = {1}});
  add_second_interface(lan);
  const Scratch files;
  const auto fewer = config("1s", {"eth0"});
  const auto more = config("2s", {"eth0", "eth1", "missing0", "there.*"});
  const auto file = files.write("querent.toml", fewer);
  auto process = start_with(lan.host(1), file, arguments);
  const auto reload_twice = [&](int pairs) {
    for (int pair = 0; pair < pairs; ++pair) {
      files.write("querent.toml", more);
      ASSERT_TRUE(reload(process)) << process.errors();
      files.write("querent.toml", fewer);
      ASSERT_TRUE(reload(process)) << process.errors();
    }
  };
  reload_twice(10);
  const auto before = process.usage();
  const Instant begin = os::now();
  reload_twice(times / 2);
  const Duration took = os::now() - begin;
  const auto after = process.usage();
  ASSERT_TRUE(good(before) && good(after));
  fmt::print("{} reloads ({:.1f} ms each): RSS {} -> {} KiB, descriptors {} -> {}\n", times,
             in_ms(took) / times, before->resident / 1024, after->resident / 1024,
             before->descriptors, after->descriptors);
  EXPECT_EQ(before->descriptors, after->descriptors);
  constexpr std::uint64_t kGrowth = std::uint64_t{8} << 20U;
  EXPECT_LT(after->resident, before->resident + kGrowth);
}

TEST(ReloadLeak, ManyLeakNothing) {
  reload_often(50, {});
}

TEST(LongReloadLeak, ManyLeakNothing) {
  reload_often(500, {});
}

TEST(LongReloadLeak, ManyLeakNothingWithoutSandbox) {
  reload_often(500, {"--no-sandbox"});
}

}  // namespace

}  // namespace querent::test
