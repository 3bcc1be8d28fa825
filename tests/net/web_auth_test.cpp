#include <algorithm>
#include <atomic>
#include <crypt.h>
#include <cstddef>
#include <fmt/core.h>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/scratch.hpp"
#include "kit/web_kit.hpp"
#include "os/clock.hpp"

// Who may look: a name and a password, which nobody learns from the log or from the time it takes.

namespace querent::test {

namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kPassword = "correct horse";

// Some milliseconds each, so that what is reckoned can be told from what is not.
constexpr const char* kQuick = "$2b$08$abcdefghijklmnopqrstuu";
constexpr const char* kSlow = "$2b$11$abcdefghijklmnopqrstuu";

std::string hash_of(const std::string& password, const char* setting = kQuick) {
  crypt_data scratch{};
  return ::crypt_r(password.c_str(), setting, &scratch);
}

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6)
      encoded += kDigits[bits >> (held - 6) & 0x3FU];
  }
  if (held > 0) encoded += kDigits[bits << (6 - held) & 0x3FU];
  while (encoded.size() % 4 != 0)
    encoded += '=';
  return encoded;
}

std::string basic(std::string_view name_and_password) {
  return "Authorization: Basic " + base64(name_and_password);
}

class WebAuth : public testing::Test {
 protected:
  lab::Namespace& here() { return lan_.host(1); }
  lab::Process start_guarded(const char* setting = kQuick) {
    const auto file =
        files_.write("users", "# who may look\nann:" + hash_of(kPassword, setting) + "\n");
    return start_served(here(), {"--web.basic-auth-file", file});
  }
  WebAnswer ask(const std::vector<std::string>& headers, const std::string& path = "/metrics") {
    return ask_web(here(), {.path = path, .headers = headers});
  }
  Ran run_with(const std::string& file) {
    return run(here(), {program(), "run", "-i", "eth0", "--web.basic-auth-file", file});
  }

  lab::Lan lan_ = make_lan({.hosts = {1}});
  Scratch files_;
};

TEST_F(WebAuth, OnlyTheRightPasswordOpens) {
  auto querent = start_guarded();
  for (const auto* const path : {"/", "/metrics", "/healthz", "/api/v1/status", "/nothing"}) {
    const auto answer = ask({}, path);
    EXPECT_EQ(answer.status, 401) << path;
    EXPECT_THAT(answer.header("WWW-Authenticate").value_or(""), StartsWith("Basic realm="));
    EXPECT_FALSE(answer.json()["error"].get<std::string>().empty());
  }
  EXPECT_EQ(ask({basic("ann:correct horse")}).status, 200);
  EXPECT_EQ(ask({"authorization: bAsIc " + base64("ann:correct horse")}).status, 200);
  EXPECT_EQ(ask({basic("ann:correct horse")}, "/nothing").status, 404);
  for (const auto& header :
       {basic("ann:correct hors"), basic("ann:correct horse "), basic("ann:"), basic("ann"),
        basic("bob:correct horse"), basic("Ann:correct horse"), basic(":"), basic(""),
        basic("ann:" + hash_of(kPassword)), std::string("Authorization: Basic"),
        std::string("Authorization: Basic !!!!"), std::string("Authorization: Bearer abc"),
        std::string("Authorization: ") + std::string(4000, 'A')}) {
    const auto answer = ask({header});
    EXPECT_EQ(answer.status, 401) << header;
    EXPECT_TRUE(answer.header("WWW-Authenticate")) << header;
  }
  EXPECT_EQ(ask({basic("ann:correct horse")}).status, 200);
}

TEST_F(WebAuth, TheLogNamesWhoWasRefusedAndNoPassword) {
  auto querent = start_guarded();
  for (int attempt = 0; attempt < 10; ++attempt)
    EXPECT_EQ(ask({basic("mallory:open sesame")}).status, 401);
  EXPECT_EQ(ask({basic("eve\n1970-01-01 started\x1b[31m:open sesame")}).status, 401);
  EXPECT_EQ(ask({basic("ann:correct horse")}).status, 200);
  querent.kill(SIGTERM);
  const auto ran = finish(querent);
  EXPECT_THAT(ran.err, HasSubstr("mallory"));
  EXPECT_THAT(ran.err, HasSubstr("127.0.0.1"));
  EXPECT_THAT(ran.err, HasSubstr("more"));
  EXPECT_LE(times_said(querent, "mallory"), 3U) << ran.err;
  EXPECT_EQ(times_said(querent, "\n1970-01-01"), 0U) << ran.err;
  EXPECT_THAT(ran.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(ran.err, Not(HasSubstr("sesame")));
  EXPECT_THAT(ran.err, Not(HasSubstr("horse")));
  EXPECT_THAT(ran.err, Not(HasSubstr("$2b$")));
  EXPECT_THAT(ran.err, Not(HasSubstr(base64("mallory:open sesame"))));
}

TEST_F(WebAuth, TheTimeTellsNoNames) {
  constexpr std::size_t kTries = 40;
  auto querent = start_guarded();
  struct Spent {
    Duration cpu{0};  // which other processes change less than the time it takes
    std::vector<Duration> took;
  };
  const auto attempt = [&](std::string_view name_and_password, Spent& spent) {
    const auto before = querent.usage();
    spent.took.push_back(ask({basic(name_and_password)}).took);
    const auto after = querent.usage();
    if (good(before) && good(after)) spent.cpu += after->cpu - before->cpu;
  };
  Spent unknown;
  Spent wrong;
  for (std::size_t tried = 0; tried < kTries; ++tried) {
    attempt("bob:open sesame", unknown);
    attempt("ann:open sesame", wrong);
  }
  const auto print = [&](std::string_view what, Spent& spent) {
    std::sort(spent.took.begin(), spent.took.end());
    fmt::print("{}: median {:.2f} ms, {:.2f} ms of CPU\n", what, in_ms(spent.took[kTries / 2]),
               in_ms(spent.cpu) / double(kTries));
  };
  print("unknown name", unknown);
  print("wrong password", wrong);
  EXPECT_LT(unknown.cpu, wrong.cpu * 13 / 10);
  EXPECT_LT(wrong.cpu, unknown.cpu * 13 / 10);
}

TEST_F(WebAuth, WhoGuessesDelaysNobodyElse) {
  auto querent = start_guarded(kSlow);
  const auto right = basic("ann:correct horse");
  ASSERT_EQ(ask({right}).status, 200);
  std::atomic<bool> over = false;
  constexpr std::size_t kGuessers = 12;
  std::vector<std::thread> guessers;
  guessers.reserve(kGuessers);
  for (std::size_t guesser = 0; guesser < kGuessers; ++guesser) {
    guessers.emplace_back([&] {
      good(here().inside([&] {
        while (!over)
          ask_web({.path = "/", .headers = {basic("ann:open sesame")}},
                  {.client = Address::v4(127, 0, 0, 2)});
      }));
    });
  }
  Duration worst{};
  for (int scrape = 0; scrape < 20; ++scrape) {
    const auto answer = ask({right}, "/api/v1/events");
    EXPECT_EQ(answer.status, 200);
    worst = std::max(worst, answer.took);
  }
  over = true;
  for (auto& guesser : guessers)
    guesser.join();
  fmt::print("while 12 guess: the slowest of 20 answers after {:.1f} ms\n", in_ms(worst));
  EXPECT_LT(worst, 500ms);
}

TEST_F(WebAuth, CurlComesIn) {
  auto querent = start_guarded();
  const auto tool = lab::Process::spawn({.argv = {"curl", "--version"}});
  if (!tool) GTEST_SKIP() << "there is no curl";
  const auto ask_curl = [&](const std::string& user) {
    return run(here(), {"curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--basic", "-u",
                        user, "http://127.0.0.1:9224/metrics"})
        .out;
  };
  EXPECT_EQ(ask_curl("ann:correct horse"), "200");
  EXPECT_EQ(ask_curl("ann:open sesame"), "401");
}

TEST_F(WebAuth, AFileThatIsWrongIsTold) {
  const auto wrong =
      run_with(files_.write("wrong", "ann:" + hash_of(kPassword) + "\nbob:secret\n\nnobody\n"));
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("line 2: "));
  EXPECT_THAT(wrong.err, HasSubstr("line 4: "));
  EXPECT_THAT(wrong.err, Not(HasSubstr("secret")));
  const auto empty = run_with(files_.write("empty", ""));
  EXPECT_EQ(empty.code, 2);
  EXPECT_THAT(empty.err, HasSubstr("nobody"));
  for (const auto& path : {files_.path("missing"), files_.path()}) {
    const auto unreadable = run_with(path);
    EXPECT_EQ(unreadable.code, 2) << path;
    EXPECT_THAT(unreadable.err, HasSubstr(path));
  }
}

}  // namespace

}  // namespace querent::test
