#include "core/segment.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace querent::core {

namespace {

// So much longer than a query interval without a step, and it was slept through: a scheduler that
// is a little late is not mistaken for it.
Duration sleep_tolerance(Duration query_interval) {
  constexpr Duration kLateness = std::chrono::milliseconds(500);
  return std::max(query_interval / 4, std::min(query_interval, kLateness));
}

// Short enough for whoever wants to know when the table was last full.
constexpr Duration kRefusalPause = std::chrono::seconds(1);

}  // namespace

Segment::Segment(const Settings& settings, Family family, Random random)
    : rules_(&family_rules(family)),
      settings_(settings),
      schedule_(random.fork()),
      membership_(*rules_, settings_.bounds, random.next()) {
  refusal_limits_.fill({.pause = kRefusalPause});
}

std::vector<Action> Segment::step(const Event& event, Instant now) {
  Actions actions;
  std::visit(
      [&](const auto& what) {
        // A link that comes up starts everything anew: nothing that was due before it matters.
        if constexpr (!std::is_same_v<decltype(what), const LinkUp&>) {
          look_for_sleep(now, actions);
          do_what_is_due(now, actions);
        }
        handle(what, now, actions);
      },
      event);
  do_what_is_due(now, actions);
  last_step_ = now;
  return actions;
}

std::optional<Instant> Segment::deadline() const {
  const Instant earliest = std::min(
      {membership_.deadline(), heartbeat_, schedule_.due(), election_.deadline(settings_)});
  return earliest == kNever ? std::nullopt : std::optional(earliest);
}

void Segment::look_for_sleep(Instant now, Actions& actions) {
  // There is a heartbeat each interval, so that nothing else lets as much time pass.
  const Duration interval = settings_.query_interval;
  if (heartbeat_ == kNever || now - last_step_ <= interval + sleep_tolerance(interval)) return;
  ++counters_.sleeps;
  actions.emplace_back(Slept{.silent_for = now - last_step_});
  restart(now, actions);
  membership_.restart_timers(terms(now));
}

void Segment::do_what_is_due(Instant now, Actions& actions) {
  if (now >= heartbeat_) heartbeat_ = now + settings_.query_interval;
  if (now >= election_.deadline(settings_)) expire_elected(now, actions);
  if (schedule_.take_due(settings_, now)) {
    heartbeat_ = now + settings_.query_interval;
    send(general_query(now), actions);
  }
  if (now >= membership_.deadline()) membership_.advance(terms(now), changes_);
  tell_changes(now, actions);
}

void Segment::expire_elected(Instant now, Actions& actions) {
  const auto silent = *election_.elected();
  switch (election_.expire(settings_, now)) {
    case Election::Expired::kNothing:
      break;
    case Election::Expired::kSucceeded: {
      const auto& successor = *election_.elected();
      actions.emplace_back(QuerierElected{successor.address, successor.mac, successor.version});
      break;
    }
    case Election::Expired::kVacant:
      actions.emplace_back(QuerierVanished{silent.address, now - silent.last_heard});
      if (role_ != Role::kNonQuerier) break;
      ++counters_.elections_won;
      become(Role::kQuerier, now, actions);
      schedule_.start(settings_, now);
      break;
  }
}

void Segment::restart(Instant now, Actions& actions) {
  if (link_) choose_source(actions);
  election_.restart(link_ && !settings_.passive ? source_ : std::nullopt);
  become(role_without_others(), now, actions);
  schedule_.stop();
  if (role_ == Role::kQuerier) schedule_.start(settings_, now);
  heartbeat_ = link_ ? now + settings_.query_interval : kNever;
}

void Segment::choose_source(Actions& actions) {
  const auto source = source_in_force(*link_, settings_, rules_->family);
  if (source == source_) return;
  if (source_) ++counters_.address_changes;
  actions.emplace_back(SourceChanged{source_, source});
  source_ = source;
}

void Segment::follow_source(Instant now, Actions& actions) {
  if (source_in_force(*link_, settings_, rules_->family) == source_) return;
  // Who only listens has no stake in the election.
  if (settings_.passive) return choose_source(actions);
  restart(now, actions);
}

void Segment::become(Role role, Instant now, Actions& actions) {
  if (role == role_) return;
  const Duration held = role_since_ == kLongAgo ? Duration::zero() : now - role_since_;
  actions.emplace_back(RoleChanged{.from = role_, .to = role, .held = held});
  role_ = role;
  role_since_ = now;
}

Role Segment::role_without_others() const {
  if (!link_) return Role::kDown;
  if (settings_.passive) return Role::kPassive;
  return source_ ? Role::kQuerier : Role::kNoAddress;
}

Version Segment::version_in_force(Instant now) const {
  if (!settings_.follow_older_version) return settings_.version;
  if (now < older_version_until_[0]) return Version::k1;
  if (now < older_version_until_[1]) return std::min(Version::k2, settings_.version);
  return settings_.version;
}

Terms Segment::terms(Instant now) const {
  const Version version = version_in_force(now);
  const auto& elected = election_.elected();
  return {
      .now = now,
      .values = election_.values(settings_, version),
      .version = version,
      .answered_in = elected ? std::min(version, elected->version) : version,
      .asks = role_ == Role::kQuerier,
      .max_query_sources = link_ ? link_->max_query_sources : 1,
  };
}

Query Segment::general_query(Instant now) const {
  const Version version = version_in_force(now);
  const Values values = own_values(settings_, version);
  const bool announces = version == Version::k3;
  return {
      .version = version,
      .group = Address::unspecified(rules_->family),
      .max_response = values.query_response,
      .suppress = false,
      .robustness = static_cast<std::uint8_t>(announces ? values.robustness : 0),
      .query_interval = announces ? values.query_interval : Duration::zero(),
      .sources = {},
  };
}

void Segment::send(Query query, Actions& actions) {
  if (!link_ || !source_ || settings_.passive) return;
  ++by_version(counters_.queries_sent, query.version, kind_of(query));
  const Address destination = query.is_general() ? rules_->all_systems : query.group;
  actions.emplace_back(
      SendQuery{.source = *source_, .destination = destination, .query = std::move(query)});
}

void Segment::tell_changes(Instant now, Actions& actions) {
  for (auto& query : changes_.queries)
    send(std::move(query), actions);
  for (auto& changed : changes_.groups)
    actions.emplace_back(std::move(changed));
  for (const auto& refused : changes_.refused) {
    if (refusal_limits_[static_cast<std::size_t>(refused.what)].passes(now))
      actions.emplace_back(refused);
  }
  counters_.ssm_violations += changes_.ssm_violations;
  counters_.untracked_records += changes_.untracked_records;
  changes_.clear();
}

void Segment::handle(const Tick& /*tick*/, Instant /*now*/, Actions& /*actions*/) {}

void Segment::handle(const LinkUp& up, Instant now, Actions& actions) {
  link_ = up.link;
  // It may lead to another network than it did before.
  older_version_until_ = {kLongAgo, kLongAgo};
  last_competitor_.reset();
  restart(now, actions);
  membership_.restart_timers(terms(now));
}

void Segment::handle(const LinkChanged& changed, Instant now, Actions& actions) {
  if (!link_) return;
  link_ = changed.link;
  follow_source(now, actions);
}

void Segment::handle(const LinkDown& /*down*/, Instant now, Actions& actions) {
  link_.reset();
  restart(now, actions);
}

void Segment::handle(const Reconfigured& reconfigured, Instant now, Actions& actions) {
  const bool was_passive = std::exchange(settings_, reconfigured.settings).passive;
  membership_.set_bounds(settings_.bounds);
  if (!link_) return;
  if (settings_.passive != was_passive) return restart(now, actions);
  follow_source(now, actions);
  schedule_.shorten(settings_, now);
  heartbeat_ = std::min(heartbeat_, now + settings_.query_interval);
}

}  // namespace querent::core
