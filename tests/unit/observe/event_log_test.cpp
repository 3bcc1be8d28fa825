#include "observe/event_log.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::observe {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

EventLog log_of(std::size_t count) {
  EventLog log;
  for (std::size_t i = 1; i <= count; ++i)
    log.add({.level = "info", .event = "said", .text = std::to_string(i)});
  return log;
}

std::vector<std::uint64_t> ids(const EventPage& page) {
  std::vector<std::uint64_t> all;
  for (const auto& event : page.events)
    all.push_back(event.id);
  return all;
}

TEST(EventLog, IsEmptyBeforeTheFirst) {
  const auto page = EventLog().page({});
  EXPECT_THAT(page.events, IsEmpty());
  EXPECT_EQ(page.first, 0U);
  EXPECT_EQ(page.last, 0U);
}

TEST(EventLog, NumbersFromOneOn) {
  auto log = log_of(2);
  log.add({.id = 4711, .level = "warn", .event = "said", .text = "3"});
  const auto page = log.page({});
  EXPECT_THAT(ids(page), ElementsAre(1, 2, 3));
  EXPECT_EQ(page.events[2].text, "3");
  EXPECT_EQ(page.events[2].level, "warn");
  EXPECT_EQ(page.first, 1U);
  EXPECT_EQ(page.last, 3U);
  EXPECT_THAT(page.instance, IsEmpty());
}

TEST(EventLog, TellsWhatCameSince) {
  const auto log = log_of(5);
  EXPECT_THAT(ids(log.page({.since = 0})), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(ids(log.page({.since = 3})), ElementsAre(4, 5));
  EXPECT_THAT(ids(log.page({.since = 5})), IsEmpty());
  EXPECT_THAT(ids(log.page({.since = 6})), IsEmpty()) << "of a process before this one";
  EXPECT_EQ(log.page({.since = 6}).last, 5U);
  EXPECT_EQ(log.page({.since = 6}).first, 1U);
}

TEST(EventLog, ALimitLeavesTheLatestOldestFirst) {
  const auto log = log_of(5);
  EXPECT_THAT(ids(log.page({.since = 1, .limit = 2})), ElementsAre(4, 5));
  EXPECT_THAT(ids(log.page({.since = 4, .limit = 2})), ElementsAre(5));
  EXPECT_EQ(log.page({.limit = 1}).first, 1U) << "what is remembered, not what is listed";
}

TEST(EventLog, ForgetsTheOldest) {
  const auto log = log_of(EventLog::kMost + 3);
  const auto page = log.page({});
  EXPECT_EQ(page.events.size(), EventLog::kMost);
  EXPECT_EQ(page.events.front().id, 4U);
  EXPECT_EQ(page.events.front().text, "4");
  EXPECT_EQ(page.first, 4U);
  EXPECT_EQ(page.last, EventLog::kMost + 3);
  EXPECT_EQ(log.page({.since = 1}).events.size(), EventLog::kMost) << "2 and 3 are gone";
  EXPECT_EQ(log_of(EventLog::kMost).page({}).first, 1U);
}

}  // namespace
}  // namespace querent::observe
