#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <poll.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "kit/fake_server.hpp"
#include "kit/watch_fixture.hpp"
#include "os/clock.hpp"

// `querent status`, `groups`, `events` and `health` as programs, and on the loopback interface
// something that answers like an appliance, or unlike one.

namespace querent::cli::test {
namespace {

using namespace std::chrono_literals;
using querent::test::Conversation;
using querent::test::FakeServer;
using querent::test::free_port;
using querent::test::http;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

lab::Process start(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program());
  auto process = lab::Process::spawn(
      {.argv = std::move(arguments),
       .environment = {"TZ=UTC", "QUERENT_URL=", "QUERENT_USER=", "QUERENT_WEB_LISTEN_ADDRESS="}});
  EXPECT_TRUE(process) << process.error().to_string();
  return std::move(*process);
}

Ran finish(lab::Process& process) {
  const auto exit = process.wait(kPatience);
  EXPECT_TRUE(exit) << "it does not end; so far: " << process.output() << process.errors();
  if (!exit) return {};
  EXPECT_EQ(exit->signal, 0);
  return {.code = exit->code, .out = process.output(), .err = process.errors()};
}

Ran run(std::vector<std::string> arguments) {
  auto process = start(std::move(arguments));
  return finish(process);
}

// Answers each target as it was told last; 404 to others.
class FakeAppliance {
 public:
  explicit FakeAppliance(std::uint16_t port = 0)
      : server_([this](Conversation& with) { with.write(answer(with.target())); }, port) {}

  void say(const std::string& target, const std::string& body, int status = 200) {
    const std::lock_guard lock(mutex_);
    answers_[target] = http(status, body);
  }

  std::uint16_t port() const { return server_.port(); }
  std::string url() const { return server_.url(); }
  std::vector<std::string> requests() const { return server_.requests(); }

 private:
  std::string answer(const std::string& target) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(target);
    return found == answers_.end() ? http(404, R"({"error": "no such page"})") : found->second;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  FakeServer server_;  // the last: ends first
};

constexpr const char* kStatus = "/api/v1/status";
constexpr std::string_view kOne = R"({"version": "0.1.0", "commit": "348a48110000",
  "instance": "a", "uptime_s": 5.0, "healthy": true, "ready": true, "reasons": [],
  "interfaces": [{"name": "eth0", "state": "up", "reason": "", "segments": [
    {"family": "ipv4", "state": "querier", "reason": "",
     "querier": {"address": "10.0.0.1", "mac": null, "version": 2, "ours": true},
     "last_query_ago_s": 12.0, "next_query_in_s": 41.0, "takeover_in_s": null, "groups": 1,
     "alarms": []}]}]})";

TEST(StatusCommand, ShowsATable) {
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  const auto ran = run({"status", "--url", appliance.url()});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_THAT(ran.out,
              AllOf(StartsWith("querent 0.1.0 (348a4811), up 5s, healthy, ready\n\nINTERFACE"),
                    HasSubstr("10.0.0.1 (ours, v2)"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(ran.err, IsEmpty());
  EXPECT_EQ(run({"status", "eth0", "--url", appliance.url()}).out, ran.out);
}

TEST(StatusCommand, JsonIsWhatTheApiAnswers) {
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  EXPECT_EQ(run({"status", "--json", "--url", appliance.url()}).out, std::string(kOne) + "\n");
  const auto one = run({"status", "eth0", "--json", "--url", appliance.url()}).out;
  EXPECT_THAT(one, AllOf(StartsWith(R"({"version":"0.1.0","commit")"),
                         HasSubstr(R"("interfaces":[{"name":"eth0",)")));
}

TEST(StatusCommand, AnInterfaceThatThereIsNotIsAFailure) {
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  for (const char* const command : {"status", "groups"}) {
    const auto ran = run({command, "eth7", "--url", appliance.url()});
    EXPECT_EQ(ran.code, kFailed);
    EXPECT_EQ(ran.err, std::string("querent: ") + command +
                           ": the appliance has no interface \"eth7\" (it has eth0)\n");
    EXPECT_THAT(ran.out, IsEmpty());
  }
}

TEST(ApplianceCommand, NobodyThereIsAFailureWithAdvice) {
  const std::string url = "http://127.0.0.1:" + std::to_string(free_port());
  const std::string why =
      ": nothing answers at " + url + ": Connection refused; is querent running? say --url\n";
  for (const char* const command : {"status", "groups", "events", "health"}) {
    const auto ran = run({command, "--url", url});
    EXPECT_EQ(ran.code, kFailed);
    EXPECT_EQ(ran.err, std::string("querent: ") + command + why);
    EXPECT_THAT(ran.out, IsEmpty());
  }
}

// The settings of querent itself say where it is.
TEST(ApplianceCommand, FindsItByItsOwnSettings) {
  FakeAppliance appliance;
  appliance.say("/healthz", R"({"healthy": true, "reasons": [], "segments": []})");
  const std::string port = std::to_string(appliance.port());
  for (const auto& environment :
       {"QUERENT_URL=" + appliance.url(), "QUERENT_WEB_LISTEN_ADDRESS=:" + port + ",192.0.2.1:1"}) {
    auto process =
        lab::Process::spawn({.argv = {program(), "health"}, .environment = {environment}});
    ASSERT_TRUE(process);
    EXPECT_EQ(finish(*process).code, kDone) << environment;
  }
}

TEST(ApplianceCommand, AUserIsShownAndAsksForOneIsSaid) {
  FakeAppliance appliance;
  appliance.say(kStatus, R"({"error": "who?"})", 401);
  const auto none = run({"status", "--url", appliance.url()});
  EXPECT_EQ(none.code, kFailed);
  EXPECT_EQ(none.err, "querent: status: " + appliance.url() +
                          " wants a user and a password; say --user NAME:PASSWORD\n");
  const auto wrong = run({"status", "--url", appliance.url(), "--user", "foo:bar"});
  EXPECT_EQ(wrong.code, kFailed);
  EXPECT_THAT(wrong.err, HasSubstr("does not accept this user and password; say --user"));
  EXPECT_THAT(appliance.requests().at(1), HasSubstr("\r\nAuthorization: Basic Zm9vOmJhcg==\r\n"));
  auto process = lab::Process::spawn({.argv = {program(), "status", "--url", appliance.url()},
                                      .environment = {"QUERENT_USER=foo:bar"}});
  ASSERT_TRUE(process);
  EXPECT_EQ(finish(*process).code, kFailed);
  EXPECT_THAT(appliance.requests().at(2), HasSubstr("\r\nAuthorization: Basic Zm9vOmJhcg==\r\n"));
}

struct Strange {
  int status;
  std::string body;
  std::string said;
};

TEST(ApplianceCommand, StrangeAnswersAreFailures) {
  for (const Strange& strange : {
           Strange{200, "<html>hello</html>", "is no JSON of querent; is it querent? say --url"},
           Strange{200, "[1]", "is no JSON of querent"},
           Strange{200, "{\"a\": " + std::string(100000, '['), "is no JSON of querent"},
           Strange{404, "{}", " has no /"},
           Strange{302, "", "answers 302; is it querent? say --url"},
           Strange{503, R"({"error": "the loop does\u001b not answer"})",
                   "answers 503: the loop does\\x1b not answer"},
           Strange{502, "bad gateway", "answers 502; is it querent?"},
       }) {
    const FakeServer server(
        [&](Conversation& with) { with.write(http(strange.status, strange.body)); });
    for (const char* const command : {"status", "groups", "events", "health"}) {
      const auto ran = run({command, "--url", server.url()});
      EXPECT_EQ(ran.code, kFailed) << command << strange.body.substr(0, 50);
      EXPECT_THAT(ran.err, AllOf(StartsWith(std::string("querent: ") + command + ": "),
                                 HasSubstr(strange.said)));
      EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    }
  }
}

// An answer that has nothing of ours is shown as what it is, and harms nobody.
TEST(ApplianceCommand, AnEmptyAnswerIsNoHarm) {
  const FakeServer server([&](Conversation& with) { with.write(http(200, "{}")); });
  for (const char* const command : {"status", "groups", "events"})
    EXPECT_EQ(run({command, "--url", server.url()}).code, kDone) << command;
  EXPECT_EQ(run({"health", "--url", server.url()}).code, kFailed);
}

TEST(GroupsCommand, ReadsAllPages) {
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  const std::string target = "/api/v1/groups?limit=1000";
  appliance.say(target, R"({"groups": [{"interface": "eth0", "group": "239.1.1.1"}], "total": 2,
                            "after": "eth0/ipv4/239.1.1.1"})");
  appliance.say(target + "&after=eth0%2Fipv4%2F239.1.1.1",
                R"({"groups": [{"interface": "eth0", "group": "239.1.1.2"}], "total": 2,
                    "after": null})");
  const auto table = run({"groups", "--url", appliance.url()});
  EXPECT_EQ(table.code, kDone) << table.err;
  EXPECT_THAT(table.out,
              testing::ContainsRegex("INTERFACE .*\neth0 +239.1.1.1 .*\neth0 +239.1.1.2 "));
  const auto json = run({"groups", "--json", "--url", appliance.url()});
  EXPECT_EQ(json.code, kDone);
  EXPECT_EQ(json.out,
            "{\"groups\": [\n  {\"interface\":\"eth0\",\"group\":\"239.1.1.1\"},\n"
            "  {\"interface\":\"eth0\",\"group\":\"239.1.1.2\"}\n], \"total\": 2}\n");
  appliance.say(target + "&interface=eth0", R"({"groups": [], "total": 0, "after": null})");
  EXPECT_EQ(run({"groups", "eth0", "--url", appliance.url()}).out, "No groups.\n");
}

TEST(GroupsCommand, PagesWithoutEndAreAFailure) {
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  for (const char* const after : {"", "&after=x", "&after=y"}) {
    appliance.say(std::string("/api/v1/groups?limit=1000") + after,
                  std::string(R"({"groups": [], "after": ")") + (*after == 0 ? "x" : "y") + "\"}");
  }
  const auto ran = run({"groups", "--url", appliance.url()});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_EQ(ran.err, "querent: groups: the pages of the table have no end\n");
}

TEST(WatchedStatus, GoesOnThroughAnAbsence) {
  auto appliance = std::make_unique<FakeAppliance>();
  const std::uint16_t port = appliance->port();
  appliance->say(kStatus, std::string(kOne));
  auto process = start({"status", "--watch", "--url", appliance->url()});
  ASSERT_TRUE(process.wait_for_output("up 5s", kPatience)) << process.errors();
  appliance.reset();
  ASSERT_TRUE(process.wait_for_errors("Connection refused; asks on\n", kPatience));
  appliance = std::make_unique<FakeAppliance>(port);
  std::string later(kOne);
  later.replace(later.find("5.0"), 3, "7.0");
  appliance->say(kStatus, later);
  ASSERT_TRUE(process.wait_for_output("up 7s", kPatience)) << process.errors();
  process.kill(SIGINT);
  const auto ran = finish(process);
  EXPECT_EQ(ran.code, kDone);
  EXPECT_EQ(ran.err, "querent: warning: status: nothing answers at " + appliance->url() +
                         ": Connection refused; asks on\n");
  EXPECT_THAT(ran.out,
              testing::MatchesRegex("..:..:..\nquerent 0.1.0 (.|\n)*\n\n..:..:..\n(.|\n)*"));
}

TEST(WatchedStatus, NeedsSomebodyAtTheBeginning) {
  const auto ran =
      run({"groups", "--watch", "--url", "http://127.0.0.1:" + std::to_string(free_port())});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("is querent running?"));
}

// Also while it waits for an answer.
TEST(WatchedStatus, EndsAtOnce) {
  const FakeServer silent([](Conversation& with) { with.hold(); });
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"status", "--watch"}, {"events", "-f"}}) {
    auto arguments = words;
    arguments.insert(arguments.end(), {"--url", silent.url()});
    const std::size_t before = silent.requests().size();
    auto process = start(arguments);
    while (silent.requests().size() == before)
      ASSERT_FALSE(process.wait(10ms)) << process.errors();
    process.kill(SIGTERM);
    const auto ran = finish(process);
    EXPECT_EQ(ran.code, kDone);
    EXPECT_THAT(ran.err, IsEmpty());
  }
}

std::string events(const std::string& instance, int first, int last) {
  std::string list;
  for (int id = first; id <= last; ++id) {
    list += (list.empty() ? "" : ",") + ("{\"id\": " + std::to_string(id)) +
            R"(, "time": "2026-11-21T21:41:29.123Z", "level": "info", "event": "x",
                "interface": "eth0", "family": "ipv4", "text": ")" +
            instance + " " + std::to_string(id) + "\"}";
  }
  return R"({"instance": ")" + instance + R"(", "first": 1, "last": )" + std::to_string(last) +
         ", \"events\": [" + list + "]}";
}

std::string events_since(int id, int limit = 1000) {
  return "/api/v1/events?since=" + std::to_string(id) + "&limit=" + std::to_string(limit);
}

TEST(EventsCommand, ShowsTheLatest) {
  FakeAppliance appliance;
  appliance.say(events_since(0, 50), events("a", 3, 4));
  const auto ran = run({"events", "--url", appliance.url()});
  EXPECT_EQ(ran.code, kDone) << ran.err;
  EXPECT_EQ(ran.out,
            "2026-11-21 21:41:29.123 info  eth0 ipv4: a 3\n"
            "2026-11-21 21:41:29.123 info  eth0 ipv4: a 4\n");
  appliance.say(events_since(0, 1), events("a", 4, 4));
  const auto json = run({"events", "-n", "1", "--json", "--url", appliance.url()});
  EXPECT_EQ(json.code, kDone);
  EXPECT_EQ(json.out, R"({"id":4,"time":"2026-11-21T21:41:29.123Z","level":"info","event":"x",)"
                      R"("interface":"eth0","family":"ipv4","text":"a 4"})"
                      "\n");
}

TEST(EventsCommand, FollowsThroughAnAbsenceAndARestart) {
  auto appliance = std::make_unique<FakeAppliance>();
  const std::uint16_t port = appliance->port();
  const std::string url = appliance->url();
  appliance->say(events_since(0, 50), events("a", 1, 2));
  appliance->say(events_since(2), events("a", 3, 3));
  appliance->say(events_since(3), events("a", 4, 3));
  auto process = start({"events", "-f", "--url", url});
  ASSERT_TRUE(process.wait_for_output(": a 3\n", kPatience)) << process.errors();
  appliance.reset();
  ASSERT_TRUE(process.wait_for_errors("waits for it\n", kPatience));
  appliance = std::make_unique<FakeAppliance>(port);
  appliance->say(events_since(3), events("b", 4, 1));
  appliance->say(events_since(0), events("b", 1, 1));
  appliance->say(events_since(1), R"({"error": "busy"})", 503);
  ASSERT_TRUE(process.wait_for_output(": b 1\n", kPatience)) << process.errors();
  ASSERT_TRUE(process.wait_for_errors("answers 503: busy; waits for it\n", kPatience));
  appliance->say(events_since(1), events("b", 5, 5));
  ASSERT_TRUE(process.wait_for_output(": b 5\n", kPatience)) << process.errors();
  process.kill(SIGINT);
  const auto ran = finish(process);
  EXPECT_EQ(ran.code, kDone);
  const std::string head = "2026-11-21 21:41:29.123 info  eth0 ipv4: ";
  EXPECT_EQ(ran.out,
            head + "a 1\n" + head + "a 2\n" + head + "a 3\n" + head + "b 1\n" + head + "b 5\n");
  const std::string warning = "querent: warning: events: ";
  EXPECT_EQ(ran.err, warning + "nothing answers at " + url +
                         ": Connection refused; waits for it\n" + warning + "it answers again\n" +
                         warning +
                         "querent has started anew: its events are counted from 1 again\n" +
                         warning + url + " answers 503: busy; waits for it\n" + warning +
                         "it answers again\n" + warning + "3 events were missed\n");
}

TEST(EventsCommand, WaitsForNobodyWhoWantsAnotherUser) {
  FakeAppliance appliance;
  appliance.say(events_since(0, 50), "{}", 401);
  const auto ran = run({"events", "-f", "--url", appliance.url()});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("say --user NAME:PASSWORD"));
}

TEST(HealthCommand, SaysWhetherAndWhy) {
  FakeAppliance appliance;
  appliance.say("/healthz", R"({"healthy": true, "reasons": [], "segments": []})");
  const auto well = run({"health", "--url", appliance.url()});
  EXPECT_EQ(well.code, kDone);
  EXPECT_EQ(well.out, "healthy\n");
  appliance.say("/healthz", R"({"healthy": false, "reasons": ["eth0 ipv4: one", "two\n"]})", 503);
  const auto ill = run({"health", "--url", appliance.url()});
  EXPECT_EQ(ill.code, kFailed);
  EXPECT_EQ(ill.out, "not healthy: eth0 ipv4: one\nnot healthy: two\\x0a\n");
  appliance.say("/healthz", R"({"healthy": false})", 503);
  EXPECT_EQ(run({"health", "--url", appliance.url()}).out, "not healthy\n");
  appliance.say("/readyz", R"({"ready": true, "reasons": []})");
  EXPECT_EQ(run({"health", "--ready", "--url", appliance.url()}).out, "ready\n");
  appliance.say("/readyz", R"({"ready": false, "reasons": ["nobody asks"]})", 503);
  const auto unready = run({"health", "--ready", "--url", appliance.url()});
  EXPECT_EQ(unready.code, kFailed);
  EXPECT_EQ(unready.out, "not ready: nobody asks\n");
}

TEST(HealthCommand, IsOverBeforeWhoAsksLosesPatience) {
  const FakeServer silent([](Conversation& with) { with.hold(); });
  const FakeServer dripping(
      [](Conversation& with) { with.drip(http(200, std::string(9000, ' ')), 2ms); });
  for (const auto* const server : {&silent, &dripping}) {
    const Instant begin = os::now();
    const auto ran = run({"health", "--url", server->url()});
    EXPECT_EQ(ran.code, kFailed);
    EXPECT_LT(os::now() - begin, 5s);  // on an idle machine it is 1.5 s
    EXPECT_THAT(ran.err,
                testing::ContainsRegex("no( complete)? answer within 1.5s; is it querent"));
  }
}

// A terminal of 5 rows, and what is written there.
class Terminal {
 public:
  Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (!master_ || ::grantpt(master_.number()) != 0 || ::unlockpt(master_.number()) != 0) return;
    name_ = ::ptsname(master_.number());
    // Held open: what was written stays after the program's end.
    terminal_ = os::Fd(::open(name_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    const winsize size{.ws_row = 5, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    static_cast<void>(::ioctl(terminal_.number(), TIOCSWINSZ, &size));
  }

  const std::string& name() const { return name_; }

  // What there is until those words.
  std::string read_to(std::string_view words) {
    std::string text;
    std::array<char, 4096> room{};
    while (text.find(words) == std::string::npos) {
      pollfd readable{.fd = master_.number(), .events = POLLIN, .revents = 0};
      if (::poll(&readable, 1, 20'000) != 1) break;
      const auto got = ::read(master_.number(), room.data(), room.size());
      if (got <= 0) break;
      text.append(room.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  os::Fd master_;
  os::Fd terminal_;
  std::string name_;
};

lab::Process start_on(const Terminal& terminal, std::vector<std::string> arguments,
                      std::vector<std::string> environment = {}) {
  arguments.insert(arguments.begin(), program());
  environment.insert(environment.end(), {"TERM=xterm", "TZ=UTC"});
  auto process =
      lab::Process::spawn({.argv = std::move(arguments),
                           .environment = std::move(environment),
                           .out = {.kind = lab::Sink::Kind::kFile, .file = terminal.name()}});
  EXPECT_TRUE(process) << process.error().to_string();
  return std::move(*process);
}

TEST(ApplianceCommand, ATerminalIsRedrawnAndHasColour) {
  Terminal terminal;
  if (terminal.name().empty()) GTEST_SKIP() << "no pseudo terminal here";
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  auto process = start_on(terminal, {"status", "--watch", "--url", appliance.url()});
  const std::string first = terminal.read_to("\x1b[J\x1b[?7h");
  EXPECT_THAT(first,
              AllOf(StartsWith("\x1b[2J\x1b[H\x1b[?7l"), HasSubstr("every 2s; Ctrl-C ends\x1b[K"),
                    HasSubstr("\x1b[32mhealthy\x1b[0m"), HasSubstr("...\x1b[K")));
  EXPECT_EQ(std::count(first.begin(), first.end(), '\n'), 4);
  const std::string second = terminal.read_to("\x1b[J\x1b[?7h");
  EXPECT_THAT(second, AllOf(StartsWith("\x1b[H\x1b[?7l"), Not(HasSubstr("\x1b[2J"))));
  process.kill(SIGINT);
  EXPECT_EQ(finish(process).code, kDone);
}

TEST(ApplianceCommand, ATerminalMayBeWithoutColour) {
  Terminal terminal;
  if (terminal.name().empty()) GTEST_SKIP() << "no pseudo terminal here";
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  auto process = start_on(terminal, {"status", "--url", appliance.url()}, {"NO_COLOR=1"});
  EXPECT_THAT(terminal.read_to("1       -"), Not(HasSubstr("\x1b")));
  EXPECT_EQ(finish(process).code, kDone);
  auto json = start_on(terminal, {"status", "--json", "--url", appliance.url()});
  EXPECT_THAT(terminal.read_to("\n}"), HasSubstr("\n  \"version\": \"0.1.0\",\r\n"));
  EXPECT_EQ(finish(json).code, kDone);
}

// Nobody is at the name server's address: the system looks for it for three seconds.
using HealthOnACable = Cable;

TEST_F(HealthOnACable, IsOverInTimeAlsoWithoutANameServer) {
  const std::string names = file();
  std::ofstream(names) << "nameserver 10.0.0.77\n";
  auto process =
      lab::Process::spawn({.argv = {"unshare", "-m", "sh", "-c",
                                    "mount --bind " + names + " /etc/resolv.conf && exec " +
                                        program() + " health --url http://querent.example.org"},
                           .where = here_.get()});
  ASSERT_TRUE(process) << process.error().to_string();
  const Instant begin = os::now();
  const auto ran = finish(*process);
  EXPECT_LT(os::now() - begin, 2500ms);
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("http://querent.example.org: no address of it within 1.5s"));
}

TEST(ApplianceCommand, WhatCannotBeWrittenIsAFailure) {
  FakeAppliance appliance;
  appliance.say(kStatus, std::string(kOne));
  appliance.say("/healthz", R"({"healthy": true})");
  appliance.say(events_since(0, 50), events("a", 1, 2));
  for (const char* const words : {"status", "status --watch", "events", "events -f", "health"}) {
    auto process = lab::Process::spawn(
        {.argv = {"sh", "-c",
                  program() + " " + words + " --url " + appliance.url() + " >/dev/full"}});
    ASSERT_TRUE(process);
    const auto ran = finish(*process);
    EXPECT_EQ(ran.code, kFailed) << words;
    EXPECT_THAT(ran.err, HasSubstr("No space left on device")) << words;
  }
}

}  // namespace
}  // namespace querent::cli::test
