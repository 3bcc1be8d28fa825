#include "observe/group_paging.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sample.hpp"

namespace querent::observe::test {
namespace {

TEST(GroupPaging, ThePageBeginsBehindTheCursor) {
  GroupQuestion question;
  EXPECT_EQ(beginning(question, "eth0", Family::kIPv4), Beginning{}) << "without a cursor";
  question.after = GroupCursor{"eth1", Family::kIPv4, address("239.1.2.3")};
  EXPECT_EQ(beginning(question, "eth0", Family::kIPv4), std::nullopt);
  EXPECT_EQ(beginning(question, "eth0", Family::kIPv6), std::nullopt);
  EXPECT_EQ(beginning(question, "eth1", Family::kIPv4), Beginning{address("239.1.2.3")});
  EXPECT_EQ(beginning(question, "eth1", Family::kIPv6), Beginning{});
  EXPECT_EQ(beginning(question, "eth10", Family::kIPv4), Beginning{});
  question.after->family = Family::kIPv6;
  question.after->group = address("ff15::1");
  EXPECT_EQ(beginning(question, "eth1", Family::kIPv4), std::nullopt);
  EXPECT_EQ(beginning(question, "eth1", Family::kIPv6), Beginning{address("ff15::1")});
}

TEST(GroupPaging, ACursorMayNameAnInterfaceThatIsGone) {
  GroupQuestion question;
  question.after = GroupCursor{"eth1", Family::kIPv4, address("239.1.2.3")};
  EXPECT_EQ(beginning(question, "eth0", Family::kIPv4), std::nullopt);
  EXPECT_EQ(beginning(question, "eth2", Family::kIPv4), Beginning{});
}

TEST(GroupPaging, FiltersAreByInterfaceAndFamily) {
  EXPECT_TRUE(is_asked_for({}, "eth0", Family::kIPv4));
  const GroupQuestion eth0{.interface = "eth0"};
  EXPECT_TRUE(is_asked_for(eth0, "eth0", Family::kIPv6));
  EXPECT_FALSE(is_asked_for(eth0, "eth00", Family::kIPv4));
  const GroupQuestion ipv6{.family = Family::kIPv6};
  EXPECT_TRUE(is_asked_for(ipv6, "eth0", Family::kIPv6));
  EXPECT_FALSE(is_asked_for(ipv6, "eth0", Family::kIPv4));
  const GroupQuestion both{.interface = "eth0", .family = Family::kIPv4};
  EXPECT_TRUE(is_asked_for(both, "eth0", Family::kIPv4));
  EXPECT_FALSE(is_asked_for(both, "eth0", Family::kIPv6));
  EXPECT_FALSE(is_asked_for(both, "eth1", Family::kIPv4));
}

// Segments in the appliance's order; pages of them, each behind the last group of the one before.
RC_GTEST_PROP(GroupPaging, PagesTogetherAreEveryGroupOnce, ()) {
  using Segment = std::pair<std::string, Family>;
  const auto numbers = *rc::gen::container<std::set<int>>(rc::gen::inRange(0, 120));
  const auto limit = *rc::gen::inRange<std::size_t>(1, 9);
  std::map<Segment, std::set<Address>> table;
  for (const int number : numbers) {
    const bool is_v4 = number % 2 == 0;
    const auto low = static_cast<std::uint8_t>(number);
    table[{"eth" + std::to_string(number % 3 * 9), is_v4 ? Family::kIPv4 : Family::kIPv6}].insert(
        is_v4 ? Address::v4(239, 1, 1, low) : Address::v6(0xFF15ULL << 48U, low));
  }
  std::set<Address> seen;
  GroupQuestion question;
  for (std::size_t pages = 0; pages <= numbers.size(); ++pages) {
    std::size_t count = 0;
    for (const auto& [segment, groups] : table) {
      const auto from = beginning(question, segment.first, segment.second);
      if (!from) continue;
      for (const auto& group : groups) {
        if (count == limit || (from->after && group <= *from->after)) continue;
        ++count;
        RC_ASSERT(seen.insert(group).second);
        question.after = GroupCursor{segment.first, segment.second, group};
      }
    }
    if (count < limit) break;
  }
  RC_ASSERT(seen.size() == numbers.size());
}

}  // namespace
}  // namespace querent::observe::test
