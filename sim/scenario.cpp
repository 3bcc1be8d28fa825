#include "sim/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/scenario_parts.hpp"

namespace querent::sim {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

class Author {
 public:
  Author(Profile profile, std::uint64_t seed, const Shape& shape)
      : shape_(shape),
        dialect_(dialect_of(shape.family.value_or(family_of(seed)))),
        random_(Random::mixed(seed) + static_cast<std::uint64_t>(profile)),
        pool_(random_range(dialect_, random_), random_.fork()) {
    story_.profile = profile;
    story_.seed = seed;
  }

  Scenario storm();
  Scenario settled();
  Scenario stream();

 private:
  core::Settings storm_settings();
  void add_queriers(std::size_t count);
  void add_hosts(std::size_t count);
  void add_foreign();
  void add_layout(std::size_t switches);
  void add_beginnings();
  void add_wishes(std::size_t count, Instant from, Instant until);
  void add_disasters(std::size_t count, Instant until);
  void add_spoofs(std::size_t count, Instant until);
  Happening disaster();
  Happening forgery();
  void add_stream(Duration every, Instant until);
  Instant moment(Instant from, Instant until) { return from + random_.between({}, until - from); }
  void plan(Instant at, Happening what) { story_.plan.push_back({at, std::move(what)}); }
  Scenario finished();

  Shape shape_;
  const Dialect& dialect_;
  Random random_;
  AddressPool pool_;
  Scenario story_;
  std::vector<Address> groups_;
  Duration interval_ = seconds(60);
  Version version_ = Version::k2;
  bool is_flooded_ = false;  // tables are small, and somebody tries to fill them
};

core::Settings Author::storm_settings() {
  core::Settings settings;
  settings.query_interval =
      random_.chance(0.8) ? interval_ : pick<Duration>(random_, {seconds(10), seconds(125)});
  settings.version = version_;
  if (!story_.all_version3 && random_.chance(0.2)) {
    settings.version =
        dialect_.spoken(pick<Version>(random_, {Version::k1, Version::k2, Version::k3}));
  }
  settings.robustness = pick<int>(random_, {2, 2, 2, 2, 1, 3, 7});
  settings.startup_count = pick<int>(random_, {1, 2, 3, 3, 3, 4});
  settings.jitter = pick<double>(random_, {0, 0.1, 0.25, 0.25});
  if (random_.chance(0.1)) settings.timeout = 3 * seconds(125);
  settings.passive = random_.chance(0.05);
  if (random_.chance(0.03) && !dialect_.is_strict) settings.source = Address::v4(0);
  settings.accept_off_subnet = random_.chance(0.1);
  if (is_flooded_) {
    settings.bounds = {
        .groups = 15, .sources = 40, .hosts = 50, .sources_per_group = 8, .hosts_per_group = 6};
  }
  settings.follow_older_version = !story_.all_version3 && random_.chance(0.2);
  // MLDv2 spells what is longer than 32 s in another way.
  if (dialect_.is_strict && random_.chance(0.2)) {
    settings.max_response = settings.query_interval * (1 + random_.below(8)) / 10;
  }
  return settings;
}

void Author::add_queriers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    story_.queriers.push_back({.mac = mac_of(i),
                               .address = pool_.take(),
                               .subnet = pool_.subnet(),
                               .settings = storm_settings()});
  }
}

void Author::add_hosts(std::size_t count) {
  const Address nobody = Address::unspecified(dialect_.family);
  for (std::size_t i = 0; i < count; ++i) {
    const auto version = story_.all_version3
                             ? Version::k3
                             : pick<Version>(random_, {Version::k1, Version::k2, Version::k2,
                                                       Version::k3, Version::k3, Version::k3});
    const bool is_late = random_.chance(dialect_.is_strict ? 0.2 : 0.03);
    story_.hosts.push_back({.address = is_late ? nobody : pool_.take(),
                            .mac = mac_of(100 + i),
                            .version = dialect_.spoken(version),
                            .robustness = 2});
    // It comes late, and is silent until then.
    if (!is_late || !dialect_.is_strict) continue;
    plan(moment(kStart, kStart + minutes(1)), ChangeAddress{story_.first_host() + i, pool_.take()});
  }
}

void Author::add_foreign() {
  if (story_.all_version3 || random_.chance(0.5)) return;
  const auto version = pick<Version>(random_, {Version::k1, Version::k2, Version::k2, Version::k3});
  const auto interval =
      random_.chance(0.2)
          ? 5 * interval_
          : pick<Duration>(random_, {seconds(20), seconds(31), seconds(60), seconds(125)});
  story_.foreign.push_back({.address = pool_.take(),
                            .mac = mac_of(900),
                            .version = dialect_.spoken(version),
                            .interval = interval,
                            .jitter = pick<double>(random_, {0, 0.05, 0.25}),
                            .defers = random_.chance(0.6),
                            .router_alert = random_.chance(0.8) || dialect_.is_strict,
                            .max_response = std::min<Duration>(seconds(10), interval / 4)});
  story_.calm = std::max(story_.calm, 8 * interval);
}

void Author::add_layout(std::size_t switches) {
  for (std::size_t i = 0; i < switches; ++i)
    story_.layout.snooping.push_back(random_.chance(0.7));
  for (NodeId node = 0; node <= story_.station(); ++node) {
    story_.layout.node_switch.push_back(random_.below(switches));
  }
}

void Author::add_beginnings() {
  for (NodeId node = 0; node < story_.station(); ++node) {
    plan(kStart + random_.between({}, seconds(20)), Return{node});
  }
}

void Author::add_wishes(std::size_t count, Instant from, Instant until) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t host = random_.below(story_.hosts.size());
    const Address group = pick(random_, groups_);
    plan(moment(from, until), ChangeWish{story_.first_host() + host, group,
                                         random_wish(random_, story_.hosts[host].version, group)});
  }
}

Happening Author::forgery() {
  Victims victims{mac_of(999), pool_.subnet(), {}, groups_};
  for (const auto& querier : story_.queriers)
    victims.queriers.push_back(querier.address);
  const auto version = story_.all_version3
                           ? Version::k3
                           : pick<Version>(random_, {Version::k1, Version::k2, Version::k3});
  if (random_.chance(0.9)) {
    return Forge{story_.station(), random_forgery(random_, version, victims)};
  }
  // A querier that nothing is wrong with, heard once and never again.
  return Forge{story_.station(), make_frame(mac_of(998), plain_query(pool_.take(), version))};
}

Happening Author::disaster() {
  const NodeId querier = random_.below(story_.queriers.size());
  const std::uint64_t dice = random_.below(100);
  if (dice < 12) return Crash{random_.below(story_.station())};
  if (dice < 30) return Return{random_.below(story_.station())};
  if (dice < 36) return Unplug{querier};
  if (dice < 44) return PlugIn{querier};
  if (dice < 52) return ChangeAddress{querier, pool_.take()};
  if (dice < 60) return Sleep{querier, random_.between(seconds(1), 4 * interval_)};
  if (dice < 75) return SetTrunk{random_.below(story_.layout.snooping.size()), random_.chance(0.5)};
  return forgery();
}

void Author::add_disasters(std::size_t count, Instant until) {
  for (std::size_t i = 0; i < count; ++i)
    plan(moment(kStart, until), disaster());
}

void Author::add_spoofs(std::size_t count, Instant until) {
  for (std::size_t i = 0; i < count; ++i) {
    plan(moment(kStart, until),
         Forge{story_.station(), random_spoof(random_, pool_.subnet(), mac_of(997))});
  }
}

void Author::add_stream(Duration every, Instant until) {
  std::uint64_t number = 0;
  for (Instant at = kStart; at < until; at += every) {
    plan(at, SendData{story_.station(), {story_.stream_group, ++number}});
  }
}

Scenario Author::finished() {
  std::stable_sort(story_.plan.begin(), story_.plan.end(),
                   [](const Planned& a, const Planned& b) { return a.at < b.at; });
  return std::move(story_);
}

Scenario Author::storm() {
  story_.all_version3 = random_.chance(0.25);
  interval_ = pick<Duration>(random_, {seconds(10), seconds(30), seconds(60), seconds(60)});
  version_ = dialect_.spoken(
      story_.all_version3
          ? Version::k3
          : pick<Version>(random_, {Version::k1, Version::k2, Version::k2, Version::k3}));
  groups_ = random_groups(dialect_, random_);
  story_.storm_ends = kStart + shape_.storm;
  is_flooded_ = random_.chance(0.15);
  add_queriers(shape_.queriers);
  add_hosts(shape_.hosts);
  add_foreign();
  add_layout(1 + random_.below(3));
  add_beginnings();
  add_wishes(4 * shape_.hosts, kStart + seconds(20), story_.storm_ends);
  add_disasters(6 * shape_.queriers, story_.storm_ends);
  if (is_flooded_) add_spoofs(40 * shape_.queriers, story_.storm_ends);
  // A frame from one node to another on the same switch takes two cables.
  story_.weather = {.loss = 1 - std::sqrt(1 - shape_.loss),
                    .duplication = 0.02,
                    .corruption = 0.01,
                    .min_delay = milliseconds(0),
                    .max_delay = milliseconds(20)};
  return finished();
}

Scenario Author::settled() {
  interval_ = pick<Duration>(random_, {seconds(5), seconds(30), seconds(60)});
  version_ = dialect_.spoken(pick<Version>(random_, {Version::k1, Version::k2, Version::k3}));
  groups_ = random_groups(dialect_, random_);
  const auto jitter = pick<double>(random_, {0, 0.25});  // without it a drift shows
  add_queriers(5);
  for (auto& querier : story_.queriers) {
    querier.settings = {};
    querier.settings.version = version_;
    querier.settings.query_interval = interval_;
    querier.settings.jitter = jitter;
  }
  add_hosts(10);
  add_layout(1);
  add_beginnings();
  add_wishes(20, kStart + seconds(20), kStart + minutes(1));
  // Four gaps are learned by then, also with one of them spoiled by a startup burst.
  story_.losses_start = kStart + seconds(30) + 7 * interval_;
  story_.storm_ends = story_.losses_start + 40 * interval_;
  story_.weather.max_delay = milliseconds(5);
  return finished();
}

Scenario Author::stream() {
  interval_ = pick<Duration>(random_, {seconds(20), seconds(40), seconds(60)});
  version_ = dialect_.spoken(pick<Version>(random_, {Version::k1, Version::k2, Version::k3}));
  add_queriers(3);
  for (auto& querier : story_.queriers) {
    querier.settings = {};
    querier.settings.version = version_;
    querier.settings.query_interval = interval_;
  }
  add_hosts(6);
  for (auto& host : story_.hosts)
    host.version = std::max(host.version, Version::k2);
  add_layout(1 + random_.below(2));
  story_.layout.snooping.assign(story_.layout.snooping.size(), true);
  add_beginnings();
  story_.stream_group = dialect_.example;
  const Wish everything{.excludes = true, .sources = {}};
  for (std::size_t i = 0; i < story_.hosts.size(); ++i) {
    plan(kStart + seconds(25),
         ChangeWish{story_.first_host() + i, story_.stream_group, everything});
  }
  story_.losses_start = kStart + seconds(30) + 7 * interval_;
  const Instant one_dies = story_.losses_start + 10 * interval_;
  const auto lowest =
      std::min_element(story_.queriers.begin(), story_.queriers.end(),
                       [](const auto& a, const auto& b) { return is_lower(a.address, b.address); });
  plan(moment(one_dies, one_dies + interval_),
       Crash{static_cast<NodeId>(lowest - story_.queriers.begin())});
  story_.storm_ends = story_.losses_start + 40 * interval_;
  add_stream(seconds(1), story_.storm_ends);
  return finished();
}

}  // namespace

std::string_view name(Profile profile) {
  switch (profile) {
    case Profile::kStorm:
      return "storm";
    case Profile::kSettled:
      return "settled";
    case Profile::kStream:
      return "stream";
  }
  return "unknown";
}

Family family_of(std::uint64_t seed) {
  return Random::mixed(seed) >> 63U == 0 ? Family::kIPv4 : Family::kIPv6;
}

Scenario make_scenario(Profile profile, std::uint64_t seed, const Shape& shape) {
  Author author(profile, seed, shape);
  switch (profile) {
    case Profile::kStorm:
      return author.storm();
    case Profile::kSettled:
      return author.settled();
    case Profile::kStream:
      return author.stream();
  }
  return {};
}

}  // namespace querent::sim
