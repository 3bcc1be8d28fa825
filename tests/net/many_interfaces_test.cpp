#include <cstdlib>
#include <fmt/core.h>
#include <list>
#include <string>

#include <gtest/gtest.h>

#include "link_kit.hpp"
#include "net/clock.hpp"

// Many interfaces in one process, with the kernel's default limits.

namespace querent::test {

namespace {

std::string numbered(int number) {
  return fmt::format("m{}", number);
}

Address address_on(int number) {
  return Address::v4(10, 20, static_cast<std::uint8_t>(number), 1);
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
      good(here_->links().set_up(name));
      good(there_->links().set_up(name));
    }
  }

  const lab::Namespace& here() const { return *here_; }
  const lab::Namespace& there() const { return *there_; }

 private:
  net::SysResult<lab::Namespace> here_ = lab::Namespace::create();
  net::SysResult<lab::Namespace> there_ = lab::Namespace::create();
};

lab::Process start_on_all(const lab::Namespace& where) {
  auto process = start(where, {program(), "run", "-i", "m*", "--query-interval", "1s"});
  EXPECT_TRUE(process.wait_for_errors("started", kPatience)) << process.errors();
  return process;
}

std::uint64_t resident_with(int interfaces) {
  const Cables cables(interfaces);
  auto querent = start_on_all(cables.here());
  EXPECT_TRUE(querent.wait_for_errors(numbered(interfaces - 1) + " ipv4: querier", kPatience));
  const Ear ear(cables.there(), numbered(interfaces - 1));
  ear.await(nth(general_query_from(address_on(interfaces - 1)), 5), kPatience);
  return querent.usage()->resident;
}

// All ask on time; what that takes is printed.
void ask_for(int interfaces, int queries) {
  const Cables cables(interfaces);
  std::list<Ear> ears;
  for (int number = 0; number < interfaces; number += interfaces / 5)
    ears.emplace_back(cables.there(), numbered(number));
  auto querent = start_on_all(cables.here());
  const auto asked = [](int number) { return general_query_from(address_on(number)); };
  ASSERT_TRUE(ears.back().await(nth(asked(interfaces - interfaces / 5), 4), kPatience));

  const Instant since = net::now();
  const auto before = querent.usage();
  ASSERT_TRUE(ears.back().await(nth(asked(interfaces - interfaces / 5), queries + 4),
                                queries * 1s + kPatience));
  const auto after = querent.usage();
  const auto seconds = std::chrono::duration<double>(net::now() - since).count();
  const auto cpu = std::chrono::duration<double, std::micro>(after->cpu - before->cpu).count();
  fmt::print("{} interfaces: {:.1f} us of CPU time a second and interface, {} descriptors\n",
             interfaces, cpu / seconds / interfaces, after->descriptors);

  Duration longest{0};
  int number = 0;
  for (const auto& ear : ears) {
    const auto heard = ear.general_queries(address_on(number));
    for (std::size_t at = 1; at < heard.size(); ++at)
      longest = std::max(longest, heard[at].at - heard[at - 1].at);
    EXPECT_GE(heard.size(), static_cast<std::size_t>(queries)) << numbered(number);
    number += interfaces / 5;
  }
  fmt::print("longest gap: {:.1f} ms, of 1000 at most\n",
             std::chrono::duration<double, std::milli>(longest).count());
  EXPECT_LE(longest, 1500ms);
  querent.kill(SIGTERM);
  const auto said = finish(querent).err;
  const auto sent = std::strtoull(said.substr(said.find("final: ") + 7).c_str(), nullptr, 10);
  fmt::print("{} queries sent\n", sent);
  EXPECT_GE(sent, static_cast<unsigned>(interfaces * (queries + 2)));
  EXPECT_EQ(count(said, "cannot"), 0U) << said;
}

TEST(ManyInterfaces, TwoHundredAskOnTime) {
  ask_for(200, 4);
}

TEST(LongManyInterfaces, TwoHundredForAMinute) {
  ask_for(200, 60);
}

// Of an optimized build it tells something.
TEST(LongManyInterfaces, MemoryOfEach) {
  const auto few = resident_with(10);
  const auto many = resident_with(200);
  fmt::print("resident: {} KiB with 10, {} KiB with 200: {:.2f} KiB each\n", few / 1024,
             many / 1024, static_cast<double>(many - few) / 1024 / 190);
}

}  // namespace

}  // namespace querent::test
