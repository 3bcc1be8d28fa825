#include "observe/history.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace querent::observe {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

// Times from the beginning of a slot on.
Instant at(Duration time) {
  return Instant{} + 1000h + time;
}

std::vector<State> states(const std::vector<Slot>& slots) {
  std::vector<State> all;
  for (const auto& slot : slots)
    all.push_back(slot.state);
  return all;
}

TEST(History, BeginsWithOneSlotInWhichNothingHappened) {
  const History history(State::kDown, at(17s));
  EXPECT_THAT(history.slots(at(17s)), ElementsAre(Slot{.state = State::kDown}));
  EXPECT_EQ(history.slots(at(30s) - 1ns).size(), 1U);
  EXPECT_EQ(history.slots(at(30s)).size(), 2U);
}

TEST(History, CountsInTheSlotOfTheMoment) {
  History history(State::kQuerier, at(0s));
  history.sent(at(0s));
  history.sent(at(30s) - 1ns);
  history.sent(at(30s));
  history.heard(at(31s));
  history.heard(at(32s));
  history.elected(at(33s));
  history.failed(at(34s));
  history.failed(at(35s));
  history.failed(at(36s));
  EXPECT_THAT(
      history.slots(at(95s)),
      ElementsAre(
          Slot{.state = State::kQuerier, .sent = 2},
          Slot{.state = State::kQuerier, .sent = 1, .heard = 2, .elections = 1, .failures = 3},
          Slot{.state = State::kQuerier}, Slot{.state = State::kQuerier}));
}

TEST(History, ASlotHasTheStateAtItsEndAndLaterOnesKeepIt) {
  History history(State::kMissing, at(0s));
  history.became(State::kStarting, at(31s));
  history.became(State::kQuerier, at(40s));
  history.became(State::kNonQuerier, at(130s));
  EXPECT_THAT(states(history.slots(at(170s))),
              ElementsAre(State::kMissing, State::kQuerier, State::kQuerier, State::kQuerier,
                          State::kNonQuerier, State::kNonQuerier));
}

TEST(History, AChangeBackWithinASlotLeavesNoTraceInTheStates) {
  History history(State::kQuerier, at(0s));
  history.became(State::kNonQuerier, at(31s));
  history.became(State::kQuerier, at(32s));
  EXPECT_THAT(states(history.slots(at(90s))), Each(State::kQuerier));
}

TEST(History, WhatHappenedInASlotDoesNotHideThatTheStateChangedThere) {
  History history(State::kQuerier, at(0s));
  history.became(State::kDown, at(31s));
  history.failed(at(32s));
  EXPECT_THAT(history.slots(at(40s)), ElementsAre(Slot{.state = State::kQuerier},
                                                  Slot{.state = State::kDown, .failures = 1}));
}

TEST(History, ShowsAnHourAndNoMore) {
  History history(State::kQuerier, at(0s));
  history.sent(at(0s));
  EXPECT_EQ(history.slots(at(1h) - 1ns).size(), History::kSlots);
  EXPECT_EQ(history.slots(at(1h) - 1ns).front().sent, 1U);
  const auto later = history.slots(at(1h));
  EXPECT_EQ(later.size(), History::kSlots);
  EXPECT_THAT(later, Each(Slot{.state = State::kQuerier})) << "a slot came back after an hour";
}

TEST(History, ASlotThatIsUsedAgainBeginsAtZero) {
  History history(State::kQuerier, at(0s));
  for (int i = 0; i < 7; ++i)
    history.sent(at(5s));
  history.became(State::kNonQuerier, at(6s));
  history.sent(at(1h + 5s));
  const auto slots = history.slots(at(1h + 5s));
  EXPECT_EQ(slots.back(), (Slot{.state = State::kNonQuerier, .sent = 1}));
  EXPECT_THAT(states(slots), Each(State::kNonQuerier));
}

TEST(History, AChangeBeforeTheHourIsTheStateOfAllOfIt) {
  History history(State::kMissing, at(0s));
  history.became(State::kPassive, at(45s));
  EXPECT_THAT(states(history.slots(at(100h))), Each(State::kPassive));
}

// The older of two changes leaves the window: the state before it is not shown any more.
TEST(History, OfTwoChangesTheYoungerOneIsStillSeen) {
  History history(State::kMissing, at(0s));
  history.became(State::kStarting, at(10s));
  history.became(State::kQuerier, at(40min));
  const auto seen = states(history.slots(at(70min)));
  EXPECT_EQ(seen.front(), State::kStarting);
  EXPECT_EQ(seen.back(), State::kQuerier);
  EXPECT_EQ(std::count(seen.begin(), seen.end(), State::kStarting), 59);
}

TEST(History, AFloodIsOneNumber) {
  History history(State::kQuerier, at(0s));
  for (int i = 0; i < 1'000'000; ++i)
    history.failed(at(1s));
  EXPECT_THAT(history.slots(at(2s)),
              ElementsAre(Slot{.state = State::kQuerier, .failures = 1'000'000}));
}

// Against the plain list of all changes.
RC_GTEST_PROP(History, SaysWhatAPlainListWouldSay, ()) {
  struct Change {
    std::uint16_t after_s;
    std::uint8_t state;
  };
  const auto changes = *rc::gen::container<std::vector<Change>>(rc::gen::construct<Change>(
      rc::gen::inRange<std::uint16_t>(0, 900), rc::gen::inRange<std::uint8_t>(0, 8)));
  History history(State::kMissing, at(0s));
  std::vector<std::pair<Instant, State>> told{{at(0s), State::kMissing}};
  Instant now = at(0s);
  for (const auto& change : changes) {
    now += std::chrono::seconds(change.after_s);
    history.became(kStates[change.state].state, now);
    told.emplace_back(now, kStates[change.state].state);
  }
  const auto slots = history.slots(now);
  Instant end = at(History::kSlot * ((now - at(0s)) / History::kSlot + 1));
  for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot, end -= History::kSlot) {
    State state = State::kMissing;
    for (const auto& [when, became] : told)
      if (when < end) state = became;
    RC_ASSERT(slot->state == state);
  }
}

}  // namespace
}  // namespace querent::observe
