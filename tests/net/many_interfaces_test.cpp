#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fmt/core.h>
#include <list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kit/link_kit.hpp"
#include "os/clock.hpp"

// Many interfaces in one process, with the kernel's default limits.

namespace querent::test {

namespace {

using Families = std::vector<Family>;

const Families kIgmp{Family::kIPv4};
const Families kIgmpAndMld{Family::kIPv4, Family::kIPv6};

std::string numbered(int number) {
  return fmt::format("m{}", number);
}

Address address_on(int number, Family family = Family::kIPv4) {
  // Lower than that of any MAC.
  if (family == Family::kIPv6)
    return Address::v6(0xFE80000000000000, static_cast<std::uint64_t>(number) + 1);
  return Address::v4(10, 20, static_cast<std::uint8_t>(number), 1);
}

double in_us(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// `count` cables between two hosts: m0, m1, ... on both.
class Cables {
 public:
  explicit Cables(int count) {
    EXPECT_TRUE(good(here_));
    EXPECT_TRUE(good(there_));
    for (int number = 0; number < count; ++number) {
      const auto name = numbered(number);
      good(here_->links().add_veth({.name = name}, {.name = name}, there_->fd()));
      good(here_->links().add_address(name, address_on(number), 24));
      good(here_->links().add_address(name, address_on(number, Family::kIPv6), 64));
      good(here_->links().set_up(name));
      good(there_->links().set_up(name));
    }
  }

  const lab::Namespace& here() const { return *here_; }
  const lab::Namespace& there() const { return *there_; }

 private:
  os::SysResult<lab::Namespace> here_ = lab::Namespace::create();
  os::SysResult<lab::Namespace> there_ = lab::Namespace::create();
};

lab::Process start_on_all(const lab::Namespace& where, const Families& families) {
  std::vector<std::string> argv{program(), "run", "-i", "m*", "--query-interval", "1s"};
  if (families == kIgmpAndMld) argv.insert(argv.end(), {"--mld-version", "2"});
  auto process = start(where, argv);
  EXPECT_TRUE(process.wait_for_errors("started", kPatience)) << process.errors();
  return process;
}

std::uint64_t resident_with(int interfaces) {
  const Cables cables(interfaces);
  auto querent = start_on_all(cables.here(), kIgmp);
  EXPECT_TRUE(querent.wait_for_errors(numbered(interfaces - 1) + " ipv4: querier", kPatience));
  const QueryListener ear(cables.there(), numbered(interfaces - 1));
  ear.await(nth(general_query_from(address_on(interfaces - 1)), 5), kPatience);
  return querent.usage()->resident;
}

struct Plan {
  int interfaces;
  int queries;  // of each, at least
  Families families = kIgmp;
  int step = 1;  // from one interface that is heard to the next
};

class Asking {
 public:
  explicit Asking(const Plan& plan) : plan_(plan), cables_(plan.interfaces) {
    for (const Family family : plan.families) {
      for (int number = 0; number < plan.interfaces; number += plan.step) {
        listeners_.emplace_back(cables_.there(), number, family);
      }
    }
  }

  // What it takes is printed.
  lab::Usage run() {
    auto querent = start_on_all(cables_.here(), plan_.families);
    await_queries(4);
    const Instant since = os::now();
    const auto before = querent.usage();
    await_queries(plan_.queries + 4);
    auto used = querent.usage().value_or(lab::Usage{});
    const auto seconds = std::chrono::duration<double>(os::now() - since).count();
    fmt::print(
        "{} interfaces, {} families: {:.1f} us of CPU time a second and interface, {} KiB "
        "resident, {} descriptors\n",
        plan_.interfaces, plan_.families.size(),
        in_us(used.cpu - before->cpu) / seconds / plan_.interfaces, used.resident / 1024,
        used.descriptors);
    expect_punctuality();
    querent.kill(SIGTERM);
    expect_all_sent(finish(querent).err);
    return used;
  }

 private:
  struct Listener {
    Listener(const lab::Namespace& where, int number, Family family)
        : source(address_on(number, family)), ear(where, numbered(number), family) {}

    Address source;
    QueryListener ear;
  };

  // Of each.
  void await_queries(int number) const {
    const Duration patience = plan_.queries * 1s + kPatience;
    for (const auto& one : listeners_)
      ASSERT_TRUE(one.ear.await(nth(general_query_from(one.source), number), patience))
          << one.source.to_string();
  }

  void expect_punctuality() const {
    Duration longest{0};
    for (const auto& one : listeners_) {
      const auto heard = one.ear.general_queries(one.source);
      for (std::size_t at = 1; at < heard.size(); ++at)
        longest = std::max(longest, heard[at].at - heard[at - 1].at);
    }
    fmt::print("longest gap of {} listeners: {:.1f} ms, of 1000 at most\n", listeners_.size(),
               in_us(longest) / 1000);
    EXPECT_LE(longest, 1500ms);
  }

  // Also where nobody listens.
  void expect_all_sent(const std::string& said) const {
    const auto sent = std::strtoull(said.substr(said.find("final: ") + 7).c_str(), nullptr, 10);
    fmt::print("{} queries sent\n", sent);
    EXPECT_GE(sent, plan_.families.size() *
                        static_cast<unsigned>(plan_.interfaces * (plan_.queries + 2)));
    EXPECT_EQ(count(said, "cannot"), 0U) << said;
  }

  Plan plan_;
  Cables cables_;
  std::list<Listener> listeners_;
};

TEST(ManyInterfaces, TwoHundredAskOnTime) {
  Asking({.interfaces = 200, .queries = 4, .step = 40}).run();
}

TEST(LongManyInterfaces, TwoHundredForAMinute) {
  Asking({.interfaces = 200, .queries = 60, .step = 40}).run();
}

// Of an optimized build it tells something.
TEST(LongManyInterfaces, MemoryOfEach) {
  const auto few = resident_with(10);
  const auto many = resident_with(200);
  fmt::print("resident: {} KiB with 10, {} KiB with 200: {:.2f} KiB each\n", few / 1024,
             many / 1024, static_cast<double>(many - few) / 1024 / 190);
}

// What MLD costs beside IGMP.
void compare_families(int interfaces) {
  const auto one = Asking({.interfaces = interfaces, .queries = 20}).run();
  const auto both =
      Asking({.interfaces = interfaces, .queries = 20, .families = kIgmpAndMld}).run();
  const auto each = [interfaces](auto first, auto second) {
    return (static_cast<double>(second) - static_cast<double>(first)) / interfaces;
  };
  fmt::print("MLD adds {:.1f} KiB and {:.2f} descriptors an interface\n",
             each(one.resident, both.resident) / 1024, each(one.descriptors, both.descriptors));
}

TEST(LongManyInterfaces, BothFamiliesOnOne) {
  compare_families(1);
}

TEST(LongManyInterfaces, BothFamiliesOnAHundred) {
  compare_families(100);
}

}  // namespace

}  // namespace querent::test
