#include "log/log.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/pipe.hpp"
#include "os/clock.hpp"

namespace querent::app {
namespace {

using namespace std::chrono_literals;
using querent::test::Pipe;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

// A variable as it is here, and afterwards as it was.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

std::string inode_of(int fd, int more = 0) {
  struct stat status {};
  EXPECT_EQ(::fstat(fd, &status), 0);
  return std::to_string(status.st_dev) + ":" +
         std::to_string(status.st_ino + static_cast<ino_t>(more));
}

log::LogLine saying(std::string text, config::LogLevel level = config::LogLevel::kInfo) {
  return {.level = level, .event = "said", .interface = "eth0", .text = std::move(text)};
}

log::LogLine repeating(std::string text) {
  auto line = saying(std::move(text));
  line.repeats = true;
  return line;
}

TEST(Log, ALineHasTimeLevelSubjectAndText) {
  Pipe pipe;
  auto log = log::Log::open({}, pipe.to()).value();
  log.write(saying("hello"));
  EXPECT_THAT(pipe.lines(1), ElementsAre(MatchesRegex("20[0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2]"
                                                      "[0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3}Z "
                                                      "info  eth0: hello")));
}

TEST(Log, LinesBelowTheLevelAreNotWritten) {
  Pipe pipe;
  {
    auto log = log::Log::open({.level = config::LogLevel::kWarn}, pipe.to()).value();
    EXPECT_FALSE(log.writes(config::LogLevel::kInfo));
    EXPECT_TRUE(log.writes(config::LogLevel::kWarn));
    log.write(saying("not this"));
    auto detail = repeating("nor this");
    detail.level = config::LogLevel::kDebug;
    log.write(detail);
    EXPECT_EQ(log.merged_deadline(), kNever);
    log.write(saying("this", config::LogLevel::kError));
    log.reconfigure({.level = config::LogLevel::kTrace});
    log.write(saying("and this", config::LogLevel::kTrace));
  }
  pipe.close_writer();
  EXPECT_THAT(pipe.lines(kAll), ElementsAre(EndsWith("this"), EndsWith("and this")));
}

// What the log hands on of its lines.
class Events {
 public:
  explicit Events(log::Log& log) {
    log.on_event([this](const log::LogLine& line, WallTime /*time*/) { lines_.push_back(line); });
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const auto& line : lines_)
      texts.push_back(std::string(log::name(line.level)) + ": " + log::plain_text(line));
    return texts;
  }
  const std::vector<log::LogLine>& lines() const { return lines_; }

 private:
  std::vector<log::LogLine> lines_;
};

TEST(Log, EventsAreLinesFromInfoOnWhateverTheLevelIs) {
  for (const auto level :
       {config::LogLevel::kTrace, config::LogLevel::kInfo, config::LogLevel::kError}) {
    Pipe pipe;
    auto log = log::Log::open({.level = level}, pipe.to()).value();
    const Events events(log);
    log.write(saying("a", config::LogLevel::kDebug));
    log.write(saying("b", config::LogLevel::kInfo));
    log.write(saying("c", config::LogLevel::kWarn));
    log.write(saying("d", config::LogLevel::kError));
    ASSERT_THAT(events.texts(), ElementsAre("info: b", "warn: c", "error: d"));
    EXPECT_EQ(events.lines()[2].event, "said");
    EXPECT_EQ(events.lines()[2].interface, "eth0");
    EXPECT_EQ(events.lines()[2].family, std::nullopt);
  }
}

TEST(Log, EventsAreMergedLikeTheLines) {
  Pipe pipe;
  auto log = log::Log::open({.level = config::LogLevel::kWarn}, pipe.to()).value();
  const Events events(log);
  for (int i = 0; i < 5000; ++i)
    log.write(repeating("rejected \x1b"));
  EXPECT_THAT(events.texts(), ElementsAre("info: rejected \\x1b"));
  log.tell_merged(log.merged_deadline());
  EXPECT_THAT(events.texts(),
              ElementsAre("info: rejected \\x1b", "info: rejected \\x1b ... 4999 more in 60 s"));
}

TEST(Log, AReloadChangesTheFormat) {
  Pipe pipe;
  auto log = log::Log::open({}, pipe.to()).value();
  log.write(saying("text"));
  log.reconfigure({.format = config::LogFormat::kJson});
  log.write(saying("json"));
  EXPECT_THAT(pipe.lines(2), ElementsAre(EndsWith("info  eth0: text"), StartsWith("{\"time\":")));
}

TEST(Log, AnyTextIsOneLineOfJson) {
  Pipe pipe;
  auto log = log::Log::open({.format = config::LogFormat::kJson}, pipe.to()).value();
  const std::vector<std::string> texts{"plain",          "two\nlines",   "\x1b[31m\x7f",
                                       "not \xff utf-8", R"("quoted\")", std::string(1, '\0')};
  for (const auto& text : texts)
    log.write(saying(text));
  const auto lines = pipe.lines(texts.size());
  ASSERT_EQ(lines.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto json = nlohmann::json::parse(lines[i]);
    EXPECT_EQ(json["event"], "said");
    EXPECT_EQ(json["interface"], "eth0");
    EXPECT_EQ(json["level"], "info");
    EXPECT_EQ(json["text"], i == 3 ? "not \xEF\xBF\xBD utf-8" : texts[i]);
  }
}

TEST(Log, RepeatsAreMerged) {
  Pipe pipe;
  {
    auto log = log::Log::open({}, pipe.to()).value();
    for (int i = 0; i < 5000; ++i)
      log.write(repeating("rejected"));
    const auto due = log.merged_deadline();
    EXPECT_GT(due, os::now());
    EXPECT_LE(due, os::now() + 60s);
    log.tell_merged(due - 1ns);
    log.tell_merged(due);
    EXPECT_EQ(log.merged_deadline(), kNever);
    log.write(repeating("rejected again"));
    log.write(repeating("rejected again"));
    log.tell_all_merged(os::now());
  }
  pipe.close_writer();
  EXPECT_THAT(pipe.lines(kAll),
              ElementsAre(EndsWith("eth0: rejected"), EndsWith(": rejected ... 4999 more in 60 s"),
                          EndsWith("eth0: rejected again"),
                          EndsWith(": rejected again ... 1 more in 1 s")));
}

TEST(Log, DroppedLinesAreCountedAndTold) {
  Pipe pipe;
  pipe.fill();
  auto log = log::Log::open({}, pipe.to()).value();
  for (int i = 0; i < 2000; ++i)
    log.write(saying("line " + std::to_string(i)));
  EXPECT_GE(log.dropped(), 2000 - log::LogQueue::kLines - 1);
  pipe.drain();
  const auto lines = pipe.lines(log::LogQueue::kLines + 1);
  EXPECT_THAT(lines, testing::Contains(MatchesRegex(
                         ".*Z warn  [0-9]+ lines of this log were dropped: not read fast enough")));
}

TEST(Log, UnderJournaldThereArePrioritiesInsteadOfTimes) {
  Pipe pipe;
  const Variable stream("JOURNAL_STREAM", inode_of(pipe.to()));
  auto log = log::Log::open({}, pipe.to()).value();
  log.write(saying("bad", config::LogLevel::kError));
  log.reconfigure({.format = config::LogFormat::kJson});
  log.write(saying("bad", config::LogLevel::kError));
  EXPECT_THAT(pipe.lines(2), ElementsAre("<3>error eth0: bad", StartsWith("<3>{\"time\"")));
}

TEST(Log, JournaldThatReadsSomethingElseChangesNothing) {
  Pipe pipe;
  const Variable stream("JOURNAL_STREAM", inode_of(pipe.to(), 1));
  auto log = log::Log::open({}, pipe.to()).value();
  log.write(saying("bad"));
  EXPECT_THAT(pipe.lines(1), ElementsAre(StartsWith("20")));
}

// What a terminal shows of one line.
std::string on_terminal(const config::LogConfig& config) {
  const os::Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_TRUE(master) << "no pseudoterminals here";
  if (!master) return {};
  EXPECT_EQ(::grantpt(master.number()), 0);
  EXPECT_EQ(::unlockpt(master.number()), 0);
  const os::Fd terminal(::open(::ptsname(master.number()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_TRUE(terminal);
  {
    auto log = log::Log::open(config, terminal.number()).value();
    log.write(saying("careful", config::LogLevel::kWarn));
  }
  std::array<char, 1024> room{};
  const auto got = ::read(master.number(), room.data(), room.size());
  return got < 0 ? std::string{} : std::string(room.data(), static_cast<std::size_t>(got));
}

TEST(Log, ATerminalShowsTheLevelInColour) {
  const Variable no_color("NO_COLOR", "");
  EXPECT_THAT(on_terminal({}), HasSubstr("Z \x1b[33mwarn \x1b[0m eth0: careful"));
  EXPECT_THAT(on_terminal({.format = config::LogFormat::kJson}), Not(HasSubstr("\x1b")));
}

TEST(Log, NoColorMeansNoColour) {
  const Variable no_color("NO_COLOR", "1");
  EXPECT_THAT(on_terminal({}), HasSubstr("Z warn  eth0: careful"));
}

}  // namespace
}  // namespace querent::app
