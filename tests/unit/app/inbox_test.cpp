#include "app/inbox.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <poll.h>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/appliance.hpp"
#include "app/status_source.hpp"

// Threads ask, a loop answers. The loop is the test's own; the appliance has no interface and is
// not started.

namespace querent::app {
namespace {

using namespace std::chrono_literals;

bool is_readable(const Inbox& inbox, int timeout_ms) {
  pollfd entry{.fd = inbox.fd().number(), .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, timeout_ms) == 1;
}

class Asked : public testing::Test {
 protected:
  // Answers until enough questions were answered.
  void answer_until(const std::function<bool()>& done) {
    while (!done()) {
      if (is_readable(inbox_, 100)) inbox_.answer([] {});
    }
  }
  void answer_while(std::thread& asker, const std::atomic<bool>& asked) {
    answer_until([&] { return asked.load(); });
    asker.join();
  }

  Inbox inbox_ = Inbox::open().value();
  log::Log log_ = log::Log::open({}).value();
  Appliance appliance_{Kernel::open().value(), config::Config{}, log_, inbox_};
};

TEST_F(Asked, AnAnswerComesFromTheLoopsThread) {
  std::atomic<bool> done = false;
  std::optional<std::thread::id> answered_by;
  std::thread asker([&] {
    answered_by = inbox_.ask([&] { return std::this_thread::get_id(); });
    done = true;
  });
  answer_while(asker, done);
  EXPECT_EQ(answered_by, std::this_thread::get_id());
}

TEST_F(Asked, EveryAskerGetsItsOwnAnswer) {
  constexpr int kAskers = 8;
  constexpr int kEach = 200;
  std::atomic<int> right = 0;
  std::atomic<int> ended = 0;
  std::vector<std::thread> askers;
  askers.reserve(kAskers);
  for (int i = 0; i < kAskers; ++i) {
    askers.emplace_back([&, i] {
      for (int j = 0; j < kEach; ++j) {
        const auto answer =
            inbox_.ask([i, j] { return std::to_string(i) + '/' + std::to_string(j); });
        if (answer == std::to_string(i) + '/' + std::to_string(j)) ++right;
      }
      ++ended;
    });
  }
  answer_until([&] { return ended == kAskers; });
  for (auto& asker : askers)
    asker.join();
  EXPECT_EQ(right, kAskers * kEach);
  EXPECT_FALSE(is_readable(inbox_, 0)) << "all is answered";
}

TEST_F(Asked, WithoutALoopThereIsNoAnswerAfterASecond) {
  const auto before = std::chrono::steady_clock::now();
  std::optional<int> answer;
  std::thread asker([&] { answer = inbox_.ask([] { return 1; }); });
  asker.join();
  EXPECT_EQ(answer, std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - before, Inbox::kPatience);
  EXPECT_TRUE(is_readable(inbox_, 0));
  inbox_.answer([] {});
  EXPECT_FALSE(is_readable(inbox_, 0)) << "an answer too late harms nobody";
}

TEST_F(Asked, WhatIsToldIsDoneInOrder) {
  std::vector<int> done;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(inbox_.tell([&done, i] { done.push_back(i); }));
  EXPECT_TRUE(done.empty());
  inbox_.answer([] {});
  EXPECT_EQ(done, (std::vector<int>{0, 1, 2}));
  inbox_.answer([] {});
  EXPECT_EQ(done.size(), 3U);
}

TEST_F(Asked, WhoIsAskedMayAsk) {
  int done = 0;
  EXPECT_TRUE(inbox_.tell([&] {
    ++done;
    EXPECT_TRUE(inbox_.tell([&done] { ++done; }));
  }));
  inbox_.answer([] {});
  EXPECT_EQ(done, 1);
  EXPECT_TRUE(is_readable(inbox_, 0));
  inbox_.answer([] {});
  EXPECT_EQ(done, 2);
}

TEST_F(Asked, OnlySoManyMayWait) {
  int done = 0;
  for (std::size_t i = 0; i < Inbox::kMostWaiting; ++i)
    ASSERT_TRUE(inbox_.tell([&done] { ++done; }));
  EXPECT_FALSE(inbox_.tell([&done] { ++done; }));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(inbox_.ask([] { return 1; }), std::nullopt);
  EXPECT_LT(std::chrono::steady_clock::now() - before, Inbox::kPatience) << "at once";
  inbox_.answer([] {});
  EXPECT_EQ(done, static_cast<int>(Inbox::kMostWaiting));
  EXPECT_TRUE(inbox_.tell([&done] { ++done; }));
}

TEST_F(Asked, AfterTheEndNobodyIsHeard) {
  int done = 0;
  EXPECT_TRUE(inbox_.tell([&done] { ++done; }));
  const Inbox copy = inbox_;
  inbox_.close();
  EXPECT_FALSE(copy.tell([&done] { ++done; }));
  EXPECT_EQ(copy.ask([] { return 1; }), std::nullopt);
  inbox_.answer([] {});
  EXPECT_EQ(done, 0);
}

TEST_F(Asked, WhoWaitsWhenItEndsGetsNothing) {
  std::optional<int> answer = 0;
  std::thread asker([&] { answer = inbox_.ask([] { return 1; }); });
  EXPECT_TRUE(is_readable(inbox_, 60'000));
  inbox_.close();
  asker.join();
  EXPECT_EQ(answer, std::nullopt);
}

TEST_F(Asked, TheSourceHandsOutWhatTheApplianceSays) {
  const auto status_source = app::status_source(inbox_, appliance_);
  std::atomic<bool> done = false;
  std::thread asker([&] {
    const auto status = status_source.status();
    if (status) {
      EXPECT_EQ(status->instance.size(), 8U);
      EXPECT_NE(status->names, nullptr);
      EXPECT_TRUE(status->interfaces.empty());
    }
    EXPECT_TRUE(status);
    EXPECT_TRUE(status_source.status_with_groups());
    const auto groups = status_source.groups({});
    EXPECT_TRUE(groups && groups->names != nullptr && groups->total == 0 && !groups->more);
    status_source.refused("alice", "192.168.1.99");
    const auto events = status_source.events({});
    EXPECT_TRUE(events);
    EXPECT_EQ(events ? events->instance : "", status ? status->instance : "none");
    if (events && !events->events.empty()) {
      EXPECT_EQ(events->events.back().event, "login_refused");
      EXPECT_EQ(events->events.back().text,
                "HTTP: wrong name or password from 192.168.1.99, as alice");
    }
    EXPECT_TRUE(events && events->events.size() == 1);
    done = true;
  });
  answer_while(asker, done);
}

TEST_F(Asked, TheDeskOfALoopThatEndedHandsOutNothing) {
  const auto status_source = app::status_source(inbox_, appliance_);
  inbox_.close();
  EXPECT_EQ(status_source.status(), nullptr);
  EXPECT_EQ(status_source.status_with_groups(), nullptr);
  EXPECT_EQ(status_source.groups({}), std::nullopt);
  EXPECT_FALSE(status_source.events({}).has_value());
  status_source.refused("", "192.168.1.99");
}

TEST(Remembered, AYoungAnswerIsGivenAgain) {
  Remembered<int> remembered;
  int asked = 0;
  const auto ask = [&] { return std::make_shared<const int>(++asked); };
  const auto began = std::chrono::steady_clock::now();
  const auto first = remembered.get(ask);
  const auto second = remembered.get(ask);
  if (std::chrono::steady_clock::now() - began < Remembered<int>::kYoung) {
    EXPECT_EQ(first, second);
  }
  while (std::chrono::steady_clock::now() - began < Remembered<int>::kYoung)
    std::this_thread::yield();
  while (*remembered.get(ask) == *first)
    std::this_thread::yield();
  EXPECT_GE(std::chrono::steady_clock::now() - began, Remembered<int>::kYoung);
}

TEST(Remembered, ThatThereWasNoAnswerIsRememberedToo) {
  Remembered<int> remembered;
  int asked = 0;
  const auto ask = [&]() -> std::shared_ptr<const int> {
    ++asked;
    return nullptr;
  };
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(remembered.get(ask), nullptr);
  EXPECT_EQ(remembered.get(ask), nullptr);
  if (std::chrono::steady_clock::now() - began < Remembered<int>::kYoung) {
    EXPECT_EQ(asked, 1);
  }
}

TEST(Remembered, WhoeverAsksMeanwhileWaitsForTheSameAnswer) {
  Remembered<int> remembered;
  std::promise<void> asked;
  std::promise<void> answer;
  int count = 0;
  std::shared_ptr<const int> first;
  std::shared_ptr<const int> second;
  std::thread one([&] {
    first = remembered.get([&] {
      asked.set_value();
      answer.get_future().wait();
      return std::make_shared<const int>(++count);
    });
  });
  asked.get_future().wait();
  std::thread other(
      [&] { second = remembered.get([&] { return std::make_shared<const int>(++count); }); });
  answer.set_value();
  one.join();
  other.join();
  EXPECT_EQ(*first, 1);
  EXPECT_GE(*second, 1);
}

}  // namespace
}  // namespace querent::app
