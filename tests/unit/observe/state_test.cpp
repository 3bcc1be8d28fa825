#include "observe/state.hpp"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "observe/status.hpp"

namespace querent::observe::test {
namespace {

TEST(State, EveryStateHasANameOfItsOwn) {
  std::set<std::string_view> names;
  std::set<std::string_view> all_words;
  for (const auto& row : kStates) {
    EXPECT_EQ(&kStates.at(static_cast<std::size_t>(row.state)), &row);
    names.insert(name(row.state));
    all_words.insert(words(row.state));
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"missing", "down", "no_address", "starting",
                                               "querier", "non_querier", "passive", "failed"}));
  EXPECT_EQ(all_words,
            (std::set<std::string_view>{"missing", "down", "no address", "starting", "querier",
                                        "standby", "listening only", "failed"}));
  for (const auto& row : kStates)
    EXPECT_EQ(is_querier(row.state), row.state == State::kStarting || row.state == State::kQuerier);
}

TEST(State, FollowsTheRole) {
  EXPECT_EQ(state_of(core::Role::kDown), State::kDown);
  EXPECT_EQ(state_of(core::Role::kNoAddress), State::kNoAddress);
  EXPECT_EQ(state_of(core::Role::kPassive), State::kPassive);
  EXPECT_EQ(state_of(core::Role::kQuerier), State::kQuerier);
  EXPECT_EQ(state_of(core::Role::kQuerier, true), State::kStarting);
  EXPECT_EQ(state_of(core::Role::kNonQuerier, true), State::kNonQuerier);
}

TEST(State, EveryStateOfAnInterfaceHasAName) {
  EXPECT_EQ(name(InterfaceStatus::State::kMissing), "missing");
  EXPECT_EQ(name(InterfaceStatus::State::kDown), "down");
  EXPECT_EQ(name(InterfaceStatus::State::kFailed), "failed");
  EXPECT_EQ(name(InterfaceStatus::State::kUp), "up");
}

}  // namespace
}  // namespace querent::observe::test
