#include "observe/state.hpp"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "observe/status.hpp"

namespace querent::observe::test {
namespace {

TEST(State, EveryStateHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const State state : kStates)
    names.insert(name(state));
  EXPECT_EQ(names, (std::set<std::string_view>{"missing", "down", "no_address", "starting",
                                               "querier", "non_querier", "passive", "failed"}));
  for (const State state : kStates)
    EXPECT_EQ(is_querier(state), state == State::kStarting || state == State::kQuerier);
}

TEST(State, EveryStateOfAnInterfaceHasAName) {
  EXPECT_EQ(name(InterfaceStatus::State::kMissing), "missing");
  EXPECT_EQ(name(InterfaceStatus::State::kDown), "down");
  EXPECT_EQ(name(InterfaceStatus::State::kFailed), "failed");
  EXPECT_EQ(name(InterfaceStatus::State::kUp), "up");
}

}  // namespace
}  // namespace querent::observe::test
