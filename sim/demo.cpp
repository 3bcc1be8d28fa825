#include "sim/demo.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "sim/scenario_parts.hpp"
#include "sim/simulation.hpp"

namespace querent::sim {

using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// Who is who: the ids of the scenario below.
constexpr NodeId kFirst = 0;
constexpr NodeId kSecond = 1;
constexpr NodeId kReceiver = 2;
constexpr NodeId kSender = 3;

constexpr Duration kLetter = seconds(10);  // a character of the picture

struct Phase {
  const char* title;
  Duration length{0};
  bool stream_lives;  // at its end
};

constexpr Phase kNobody{"1. Nobody asks. The switch forgets the receiver, the stream dies.",
                        minutes(6), false};
constexpr Phase kOne{"2. querent starts on 192.168.1.20. The stream comes back and stays.",
                     minutes(15), true};
constexpr Phase kTwo{"3. A second querent, 192.168.1.10, has the lower address and takes over.",
                     minutes(10), true};
constexpr Phase kOneAgain{"4. It is killed. The first one notices and resumes in time.",
                          minutes(10), true};

QuerierNode::Identity querent(std::size_t number, Address address) {
  return {.mac = mac_of(number), .address = address, .subnet = Prefix(address, 24), .settings = {}};
}

Scenario story() {
  Scenario story;
  const Address group = Address::v4(239, 1, 2, 3);
  story.layout = {.snooping = {true}, .node_switch = {0, 0, 0, 0}};
  story.queriers = {querent(0, Address::v4(192, 168, 1, 20)),
                    querent(1, Address::v4(192, 168, 1, 10))};
  story.hosts = {{.address = Address::v4(192, 168, 1, 50), .mac = mac_of(50)}};

  const Instant one = kStart + kNobody.length;
  const Instant two = one + kOne.length;
  const Instant one_again = two + kTwo.length;
  story.storm_ends = one_again + kOneAgain.length;
  story.plan = {{kStart, Return{kReceiver}},
                {kStart, ChangeWish{kReceiver, group, {.excludes = true, .sources = {}}}},
                {one + seconds(1), Return{kFirst}},
                {two + seconds(1), Return{kSecond}},
                {one_again + seconds(1), Crash{kSecond}}};
  std::uint64_t number = 0;
  for (Instant at = kStart; at < story.storm_ends; at += seconds(1)) {
    story.plan.push_back({at, SendData{kSender, {group, ++number}}});
  }
  std::stable_sort(story.plan.begin(), story.plan.end(),
                   [](const Planned& a, const Planned& b) { return a.at < b.at; });
  return story;
}

std::string who_asks(const Simulation& lan) {
  for (const NodeId id : {kFirst, kSecond}) {
    const auto* node = lan.querier(id);
    if (node == nullptr) continue;
    const auto view = node->segment().view(kLongAgo);
    if (view.role == core::Role::kQuerier) return node->identity().address.to_string();
  }
  return "nobody";
}

// One character a stretch of time: '#' the stream flowed, '.' it did not.
bool show(const Phase& phase, Simulation& lan, Instant& now) {
  std::printf("\n%s\n", phase.title);
  bool alive = false;
  std::string picture;
  for (const Instant end = now + phase.length; now < end;) {
    now += kLetter;
    lan.play_until(now);
    const auto& heard = lan.host(kReceiver)->stream().last_at;
    alive = heard && now - *heard < seconds(2);
    picture += alive ? '#' : '.';
    const bool minute_is_full = (now - kStart) % minutes(5) == Duration::zero() || now == end;
    if (!minute_is_full) continue;
    const auto until = std::chrono::duration_cast<minutes>(now - kStart).count();
    std::printf("   %-32s until minute %2lld; querier: %s\n", picture.c_str(),
                static_cast<long long>(until), who_asks(lan).c_str());
    picture.clear();
  }
  return alive == phase.stream_lives;
}

}  // namespace

bool show_demo() {
  std::printf(
      "A simulated LAN: a switch that snoops IGMP and has no querier, a sender of 239.1.2.3, a\n"
      "receiver that has joined it. Each character is ten seconds: # the stream flows, . it is "
      "dead.\n");
  Simulation lan(story());
  Instant now = kStart;
  bool as_expected = show(kNobody, lan, now);
  const auto& log = lan.host(kReceiver)->stream();
  as_expected = show(kOne, lan, now) && as_expected;
  const std::uint64_t lost_before = log.missing;
  as_expected = show(kTwo, lan, now) && as_expected;
  as_expected = show(kOneAgain, lan, now) && as_expected;
  const std::uint64_t lost_after = log.missing - lost_before;
  std::printf("\nOf %llu datagrams %llu were lost for want of a querier, and %llu since.\n",
              static_cast<unsigned long long>(log.last),
              static_cast<unsigned long long>(lost_before),
              static_cast<unsigned long long>(lost_after));
  // The switch's 260 s, and a second and up to 10 s until the receiver has answered.
  const std::uint64_t excusable =
      static_cast<std::uint64_t>(kNobody.length / seconds(1)) - 260 + 11;
  as_expected = as_expected && lost_before <= excusable && lost_after == 0;
  std::printf("%s\n", as_expected ? "As it should be." : "That is NOT what should have happened.");
  return as_expected;
}

}  // namespace querent::sim
